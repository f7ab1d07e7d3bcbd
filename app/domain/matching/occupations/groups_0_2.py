"""ISCO-08, major groups 0 to 2: unit groups by code, titles in English and Russian."""

TEXT = """
0110 Commissioned armed forces officers | Офицеры действительной военной службы
0210 Non-commissioned armed forces officers | Военнослужащие неофицерского состава
0310 Armed forces occupations, other ranks | Военнослужащие рядового состава
1111 Legislators | Законодатели
1112 Senior government officials | Высшие должностные лица органов власти
1113 Traditional chiefs and heads of villages | Главы сельских поселений и традиционных общин
1114 Senior officials of special-interest organizations | Руководители общественных организаций
1120 Managing directors and chief executives | Руководители учреждений, организаций и предприятий
1211 Finance managers | Руководители финансово-экономических подразделений
1212 Human resource managers | Руководители по кадрам и трудовым отношениям
1213 Policy and planning managers | Руководители по политике и планированию
1219 Business services and administration managers not elsewhere classified | Руководители служб, прочие
1221 Sales and marketing managers | Руководители по сбыту и маркетингу
1222 Advertising and public relations managers | Руководители по рекламе и связям с общественностью
1223 Research and development managers | Руководители по исследованиям и разработкам
1311 Agricultural and forestry production managers | Руководители в сельском и лесном хозяйстве
1312 Aquaculture and fisheries production managers | Руководители в рыбоводстве и рыболовстве
1321 Manufacturing managers | Руководители в обрабатывающей промышленности
1322 Mining managers | Руководители в добывающей промышленности
1323 Construction managers | Руководители в строительстве
1324 Supply, distribution and related managers | Руководители по снабжению, распределению и перевозкам
1330 Information and communications technology service managers | Руководители служб в сфере ИКТ
1341 Child care services managers | Руководители служб по уходу за детьми
1342 Health services managers | Руководители служб здравоохранения
1343 Aged care services managers | Руководители служб по уходу за престарелыми
1344 Social welfare managers | Руководители служб социального обеспечения
1345 Education managers | Руководители учреждений образования
1346 Financial and insurance services branch managers | Руководители филиалов финансовых и страховых служб
1349 Professional services managers not elsewhere classified | Руководители специализированных служб, прочие
1411 Hotel managers | Руководители гостиниц
1412 Restaurant managers | Руководители ресторанов
1420 Retail and wholesale trade managers | Руководители в розничной и оптовой торговле
1431 Sports, recreation and cultural centre managers | Руководители спортивных, развлекательных и культурных центров
1439 Services managers not elsewhere classified | Руководители в сфере услуг, прочие
2111 Physicists and astronomers | Физики и астрономы
2112 Meteorologists | Метеорологи
2113 Chemists | Химики
2114 Geologists and geophysicists | Геологи и геофизики
2120 Mathematicians, actuaries and statisticians | Математики, актуарии и статистики
2131 Biologists, botanists, zoologists and related professionals | Биологи, ботаники, зоологи
2132 Farming, forestry and fisheries advisers | Консультанты по сельскому, лесному и рыбному хозяйству
2133 Environmental protection professionals | Специалисты по защите окружающей среды
2141 Industrial and production engineers | Инженеры в промышленности и на производстве
2142 Civil engineers | Инженеры по гражданскому строительству
2143 Environmental engineers | Инженеры по охране окружающей среды
2144 Mechanical engineers | Инженеры-механики
2145 Chemical engineers | Инженеры-химики
2146 Mining engineers, metallurgists and related professionals | Горные инженеры, металлурги
2149 Engineering professionals not elsewhere classified | Специалисты в области техники, прочие
2151 Electrical engineers | Инженеры-электрики
2152 Electronics engineers | Инженеры-электроники
2153 Telecommunications engineers | Инженеры по телекоммуникациям
2161 Building architects | Архитекторы зданий и сооружений
2162 Landscape architects | Ландшафтные архитекторы
2163 Product and garment designers | Дизайнеры товаров и одежды
2164 Town and traffic planners | Планировщики городов и транспортных узлов
2165 Cartographers and surveyors | Картографы и геодезисты
2166 Graphic and multimedia designers | Графические и мультимедийные дизайнеры
2211 Generalist medical practitioners | Врачи общей практики
2212 Specialist medical practitioners | Врачи-специалисты
2221 Nursing professionals | Специалисты по сестринскому делу
2222 Midwifery professionals | Специалисты по акушерству
2230 Traditional and complementary medicine professionals | Специалисты народной медицины
2240 Paramedical practitioners | Парамедики
2250 Veterinarians | Ветеринарные врачи
2261 Dentists | Стоматологи
2262 Pharmacists | Провизоры
2263 Environmental and occupational health and hygiene professionals | Специалисты по гигиене труда и окружающей среды
2264 Physiotherapists | Физиотерапевты
2265 Dieticians and nutritionists | Диетологи и специалисты по питанию
2266 Audiologists and speech therapists | Аудиологи и логопеды
2267 Optometrists and ophthalmic opticians | Оптометристы
2269 Health professionals not elsewhere classified | Специалисты в области здравоохранения, прочие
2310 University and higher education teachers | Преподаватели университетов и вузов
2320 Vocational education teachers | Преподаватели профессионального образования
2330 Secondary education teachers | Преподаватели в средней школе
2341 Primary school teachers | Учителя начальной школы
2342 Early childhood educators | Воспитатели дошкольного образования
2351 Education methods specialists | Специалисты по методике обучения
2352 Special needs teachers | Преподаватели для лиц с особыми потребностями
2353 Other language teachers | Преподаватели иностранных языков, прочие
2354 Other music teachers | Преподаватели музыки, прочие
2355 Other arts teachers | Преподаватели других видов искусства
2356 Information technology trainers | Преподаватели по обучению компьютерной грамотности
2359 Teaching professionals not elsewhere classified | Специалисты в области образования, прочие
2411 Accountants | Бухгалтеры
2412 Financial and investment advisers | Консультанты по финансам и инвестициям
2413 Financial analysts | Финансовые аналитики
2421 Management and organization analysts | Аналитики систем управления и организации
2422 Policy administration professionals | Специалисты в области политики администрирования
2423 Personnel and careers professionals | Специалисты по подбору и учёту персонала
2424 Training and staff development professionals | Специалисты по подготовке кадров
2431 Advertising and marketing professionals | Специалисты по рекламе и маркетингу
2432 Public relations professionals | Специалисты по связям с общественностью
2433 Technical and medical sales professionals (excluding ICT) | Специалисты по сбыту техники и медицинских товаров
2434 Information and communications technology sales professionals | Специалисты по сбыту в сфере ИКТ
2511 Systems analysts | Системные аналитики
2512 Software developers | Разработчики программного обеспечения
2513 Web and multimedia developers | Разработчики веб- и мультимедийных приложений
2514 Applications programmers | Программисты приложений
2519 Software and applications developers and analysts not elsewhere classified | Разработчики и аналитики ПО, прочие
2521 Database designers and administrators | Дизайнеры и администраторы баз данных
2522 Systems administrators | Системные администраторы
2523 Computer network professionals | Специалисты по компьютерным сетям
2529 Database and network professionals not elsewhere classified | Специалисты по базам данных и сетям, прочие
2611 Lawyers | Юристы
2612 Judges | Судьи
2619 Legal professionals not elsewhere classified | Специалисты в области права, прочие
2621 Archivists and curators | Архивариусы и музейные хранители
2622 Librarians and related information professionals | Библиотекари, документоведы
2631 Economists | Экономисты
2632 Sociologists, anthropologists and related professionals | Социологи, антропологи
2633 Philosophers, historians and political scientists | Философы, историки и политологи
2634 Psychologists | Психологи
2635 Social work and counselling professionals | Специалисты в сфере социальных проблем
2636 Religious professionals | Служители церкви
2641 Authors and related writers | Писатели, поэты и другие авторы
2642 Journalists | Журналисты
2643 Translators, interpreters and other linguists | Переводчики и другие лингвисты
2651 Visual artists | Художники
2652 Musicians, singers and composers | Музыканты, певцы и композиторы
2653 Dancers and choreographers | Артисты балета и хореографы
2654 Film, stage and related directors and producers | Режиссёры и продюсеры
2655 Actors | Актёры
2656 Announcers on radio, television and other media | Дикторы радио, телевидения и других СМИ
2659 Creative and performing artists not elsewhere classified | Артисты, прочие
"""
