"""ISCO-08, major groups 3 and 4: unit groups by code, titles in English and Russian."""

TEXT = """
3111 Chemical and physical science technicians | Техники в области химии и физики
3112 Civil engineering technicians | Техники по гражданскому строительству
3113 Electrical engineering technicians | Техники-электрики
3114 Electronics engineering technicians | Техники-электроники
3115 Mechanical engineering technicians | Техники-механики
3116 Chemical engineering technicians | Техники в химическом производстве
3117 Mining and metallurgical technicians | Техники в добывающей промышленности и металлургии
3118 Draughtspersons | Чертёжники
3119 Physical and engineering science technicians not elsewhere classified | Техники в области физических наук, прочие
3121 Mining supervisors | Мастера (бригадиры) в добывающей промышленности
3122 Manufacturing supervisors | Мастера (бригадиры) в обрабатывающей промышленности
3123 Construction supervisors | Мастера (бригадиры) в строительстве
3131 Power production plant operators | Операторы установок по выработке электроэнергии
3132 Incinerator and water treatment plant operators | Операторы мусоросжигательных и водоочистных установок
3133 Chemical processing plant controllers | Диспетчеры установок химической переработки
3134 Petroleum and natural gas refining plant operators | Операторы нефте- и газоперерабатывающих установок
3135 Metal production process controllers | Диспетчеры процессов в металлургии
3139 Process control technicians not elsewhere classified | Техники по управлению процессами, прочие
3141 Life science technicians (excluding medical) | Техники в области биологии
3142 Agricultural technicians | Техники в сельском хозяйстве
3143 Forestry technicians | Техники в лесном хозяйстве
3151 Ships' engineers | Судовые механики
3152 Ships' deck officers and pilots | Судоводители и лоцманы
3153 Aircraft pilots and related associate professionals | Пилоты воздушных судов
3154 Air traffic controllers | Авиадиспетчеры
3155 Air traffic safety electronics technicians | Техники по безопасности воздушного движения
3211 Medical imaging and therapeutic equipment technicians | Техники медицинского оборудования
3212 Medical and pathology laboratory technicians | Лаборанты медицинских лабораторий
3213 Pharmaceutical technicians and assistants | Фармацевты
3214 Medical and dental prosthetic technicians | Техники-протезисты и зубные техники
3221 Nursing associate professionals | Средний медицинский персонал по уходу
3222 Midwifery associate professionals | Средний медицинский персонал по акушерству
3230 Traditional and complementary medicine associate professionals | Средний персонал народной медицины
3240 Veterinary technicians and assistants | Ветеринарные фельдшеры
3251 Dental assistants and therapists | Помощники стоматологов
3252 Medical records and health information technicians | Техники по медицинской документации
3253 Community health workers | Социальные работники в области здравоохранения
3254 Dispensing opticians | Изготовители и продавцы очков
3255 Physiotherapy technicians and assistants | Помощники физиотерапевтов, массажисты
3256 Medical assistants | Помощники врачей
3257 Environmental and occupational health inspectors and associates | Инспекторы по охране труда и окружающей среды
3258 Ambulance workers | Работники скорой помощи
3259 Health associate professionals not elsewhere classified | Средний медицинский персонал, прочий
3311 Securities and finance dealers and brokers | Дилеры и брокеры по финансам
3312 Credit and loans officers | Кредитные агенты
3313 Accounting associate professionals | Специалисты по учёту средней квалификации
3314 Statistical, mathematical and related associate professionals | Средний персонал по статистике и математике
3315 Valuers and loss assessors | Оценщики имущества и ущерба
3321 Insurance representatives | Страховые агенты
3322 Commercial sales representatives | Торговые представители
3323 Buyers | Закупщики
3324 Trade brokers | Торговые брокеры
3331 Clearing and forwarding agents | Агенты по таможенной очистке и экспедированию грузов
3332 Conference and event planners | Организаторы конференций и мероприятий
3333 Employment agents and contractors | Агенты по трудоустройству
3334 Real estate agents and property managers | Агенты по недвижимости
3339 Business services agents not elsewhere classified | Агенты по коммерческим услугам, прочие
3341 Office supervisors | Руководители офисов
3342 Legal secretaries | Секретари юридических служб
3343 Administrative and executive secretaries | Административные секретари
3344 Medical secretaries | Медицинские секретари
3351 Customs and border inspectors | Инспекторы таможни и пограничной службы
3352 Government tax and excise officials | Служащие налоговых органов
3353 Government social benefits officials | Служащие органов социального обеспечения
3354 Government licensing officials | Служащие по выдаче лицензий
3355 Police inspectors and detectives | Инспекторы полиции и детективы
3359 Government regulatory associate professionals not elsewhere classified | Служащие государственных органов, прочие
3411 Legal and related associate professionals | Средний юридический персонал
3412 Social work associate professionals | Социальные работники
3413 Religious associate professionals | Помощники служителей церкви
3421 Athletes and sports players | Спортсмены
3422 Sports coaches, instructors and officials | Тренеры и судьи по спорту
3423 Fitness and recreation instructors and programme leaders | Инструкторы фитнеса и досуга
3431 Photographers | Фотографы
3432 Interior designers and decorators | Дизайнеры интерьеров и декораторы
3433 Gallery, museum and library technicians | Техники галерей, музеев и библиотек
3434 Chefs | Шеф-повара
3435 Other artistic and cultural associate professionals | Средний персонал в культуре и искусстве, прочий
3511 Information and communications technology operations technicians | Техники по эксплуатации ИКТ
3512 Information and communications technology user support technicians | Техники по поддержке пользователей ИКТ
3513 Computer network and systems technicians | Техники по компьютерным сетям и системам
3514 Web technicians | Веб-техники
3521 Broadcasting and audiovisual technicians | Техники радиовещания и видеозаписи
3522 Telecommunications engineering technicians | Техники по телекоммуникациям
4110 General office clerks | Офисные служащие общего профиля
4120 Secretaries (general) | Секретари общего профиля
4131 Typists and word processing operators | Машинистки и операторы текстовых редакторов
4132 Data entry clerks | Операторы по вводу данных
4211 Bank tellers and related clerks | Кассиры банков
4212 Bookmakers, croupiers and related gaming workers | Букмекеры и крупье
4213 Pawnbrokers and money-lenders | Ростовщики и служащие ломбардов
4214 Debt collectors and related workers | Сборщики долгов и платежей
4221 Travel consultants and clerks | Консультанты по путешествиям
4222 Contact centre information clerks | Служащие центров телефонных обращений
4223 Telephone switchboard operators | Телефонисты
4224 Hotel receptionists | Регистраторы в гостиницах
4225 Enquiry clerks | Служащие справочных бюро
4226 Receptionists (general) | Регистраторы общего профиля
4227 Survey and market research interviewers | Интервьюеры по опросам
4229 Client information workers not elsewhere classified | Служащие по информированию клиентов, прочие
4311 Accounting and bookkeeping clerks | Служащие по бухгалтерским операциям и учёту
4312 Statistical, finance and insurance clerks | Служащие по статистике, финансам и страхованию
4313 Payroll clerks | Служащие по учёту заработной платы
4321 Stock clerks | Служащие по учёту товаров на складе
4322 Production clerks | Служащие по учёту производства
4323 Transport clerks | Служащие по учёту транспортных перевозок
4411 Library clerks | Служащие библиотек
4412 Mail carriers and sorting clerks | Почтальоны и сортировщики писем
4413 Coding, proof-reading and related clerks | Кодировщики и корректоры
4414 Scribes and related workers | Писари
4415 Filing and copying clerks | Служащие по ведению картотек и копированию
4416 Personnel clerks | Служащие отдела кадров
4419 Clerical support workers not elsewhere classified | Офисные служащие, прочие
"""
