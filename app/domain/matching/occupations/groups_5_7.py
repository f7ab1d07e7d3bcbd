"""ISCO-08, major groups 5 to 7: unit groups by code, titles in English and Russian."""

TEXT = """
5111 Travel attendants and travel stewards | Проводники и стюарды
5112 Transport conductors | Кондукторы
5113 Travel guides | Гиды
5120 Cooks | Повара
5131 Waiters | Официанты
5132 Bartenders | Бармены
5141 Hairdressers | Парикмахеры
5142 Beauticians and related workers | Косметологи
5151 Cleaning and housekeeping supervisors in offices, hotels and other establishments | Заведующие уборкой и хозяйством
5152 Domestic housekeepers | Экономки в частных домах
5153 Building caretakers | Коменданты и смотрители зданий
5161 Astrologers, fortune-tellers and related workers | Астрологи и гадалки
5162 Companions and valets | Компаньоны и камердинеры
5163 Undertakers and embalmers | Работники похоронных бюро
5164 Pet groomers and animal care workers | Работники по уходу за животными
5165 Driving instructors | Инструкторы по вождению
5169 Personal services workers not elsewhere classified | Работники индивидуальных услуг, прочие
5211 Stall and market salespersons | Продавцы палаток и рынков
5212 Street food salespersons | Уличные продавцы готовой еды
5221 Shopkeepers | Владельцы магазинов
5222 Shop supervisors | Старшие продавцы магазинов
5223 Shop sales assistants | Продавцы магазинов
5230 Cashiers and ticket clerks | Кассиры и билетёры
5241 Fashion and other models | Модели и манекенщики
5242 Sales demonstrators | Демонстраторы товаров
5243 Door-to-door salespersons | Продавцы товаров на дому
5244 Contact centre salespersons | Продавцы по телефону
5245 Service station attendants | Работники автозаправочных станций
5246 Food service counter attendants | Буфетчики
5249 Sales workers not elsewhere classified | Продавцы, прочие
5311 Child care workers | Работники по уходу за детьми
5312 Teachers' aides | Помощники учителей
5321 Health care assistants | Помощники по уходу за больными
5322 Home-based personal care workers | Работники по уходу на дому
5329 Personal care workers in health services not elsewhere classified | Работники по индивидуальному уходу, прочие
5411 Fire-fighters | Пожарные
5412 Police officers | Служащие полиции
5413 Prison guards | Тюремные надзиратели
5414 Security guards | Охранники
5419 Protective services workers not elsewhere classified | Работники служб охраны граждан и собственности, прочие
6111 Field crop and vegetable growers | Производители полевых и овощных культур
6112 Tree and shrub crop growers | Производители плодовых и ягодных культур
6113 Gardeners, horticultural and nursery growers | Садовники и работники питомников
6114 Mixed crop growers | Производители смешанной растениеводческой продукции
6121 Livestock and dairy producers | Животноводы молочного и мясного скота
6122 Poultry producers | Птицеводы
6123 Apiarists and sericulturists | Пчеловоды и шелководы
6129 Animal producers not elsewhere classified | Животноводы, прочие
6130 Mixed crop and animal producers | Производители смешанной сельскохозяйственной продукции
6210 Forestry and related workers | Рабочие лесного хозяйства
6221 Aquaculture workers | Рыбоводы
6222 Inland and coastal waters fishery workers | Рыбаки внутренних и прибрежных вод
6223 Deep-sea fishery workers | Рыбаки глубоководного лова
6224 Hunters and trappers | Охотники
6310 Subsistence crop farmers | Растениеводы для собственного потребления
6320 Subsistence livestock farmers | Животноводы для собственного потребления
6330 Subsistence mixed crop and livestock farmers | Сельское хозяйство для собственного потребления
6340 Subsistence fishers, hunters, trappers and gatherers | Рыбаки, охотники и сборщики для собственного потребления
7111 House builders | Строители домов
7112 Bricklayers and related workers | Каменщики (по кирпичу)
7113 Stonemasons, stone cutters, splitters and carvers | Камнетёсы и резчики по камню
7114 Concrete placers, concrete finishers and related workers | Бетоноукладчики, бетоноотделочники
7115 Carpenters and joiners | Плотники и столяры
7119 Building frame and related trades workers not elsewhere classified | Строители-монтажники, прочие
7121 Roofers | Кровельщики
7122 Floor layers and tile setters | Настильщики полов и плиточники
7123 Plasterers | Штукатуры
7124 Insulation workers | Изолировщики
7125 Glaziers | Стекольщики
7126 Plumbers and pipe fitters | Слесари-сантехники и трубопроводчики
7127 Air conditioning and refrigeration mechanics | Механики по кондиционерам и холодильному оборудованию
7131 Painters and related workers | Маляры
7132 Spray painters and varnishers | Маляры-распылители и лакировщики
7133 Building structure cleaners | Уборщики сооружений
7211 Metal moulders and coremakers | Формовщики и стерженщики
7212 Welders and flame cutters | Сварщики и газорезчики
7213 Sheet-metal workers | Рабочие по обработке листового металла
7214 Structural-metal preparers and erectors | Монтажники металлоконструкций
7215 Riggers and cable splicers | Такелажники и кабельщики
7221 Blacksmiths, hammersmiths and forging press workers | Кузнецы и рабочие ковочных прессов
7222 Toolmakers and related workers | Слесари-инструментальщики
7223 Metal working machine tool setters and operators | Станочники и наладчики металлообрабатывающих станков
7224 Metal polishers, wheel grinders and tool sharpeners | Полировщики, шлифовщики и заточники
7231 Motor vehicle mechanics and repairers | Механики и слесари по ремонту автомобилей
7232 Aircraft engine mechanics and repairers | Механики авиационных двигателей
7233 Agricultural and industrial machinery mechanics and repairers | Механики сельскохозяйственных и других машин
7234 Bicycle and related repairers | Рабочие по ремонту велосипедов
7311 Precision-instrument makers and repairers | Изготовители и ремонтники точных приборов
7312 Musical instrument makers and tuners | Изготовители и настройщики музыкальных инструментов
7313 Jewellery and precious-metal workers | Ювелиры
7314 Potters and related workers | Гончары
7315 Glass makers, cutters, grinders and finishers | Стеклодувы, резчики и шлифовщики стекла
7316 Sign writers, decorative painters, engravers and etchers | Художники вывесок, гравёры
7317 Handicraft workers in wood, basketry and related materials | Мастера изделий из дерева и плетения
7318 Handicraft workers in textile, leather and related materials | Мастера изделий из ткани и кожи
7319 Handicraft workers not elsewhere classified | Мастера художественных промыслов, прочие
7321 Pre-press technicians | Техники допечатной подготовки
7322 Printers | Печатники
7323 Print finishing and binding workers | Переплётчики и отделочники
7411 Building and related electricians | Строительные электрики
7412 Electrical mechanics and fitters | Электромеханики и монтажники электрооборудования
7413 Electrical line installers and repairers | Монтажники и ремонтники линий электропередач
7421 Electronics mechanics and servicers | Механики по ремонту электронного оборудования
7422 Information and communications technology installers and servicers | Установщики и ремонтники оборудования ИКТ
7511 Butchers, fishmongers and related food preparers | Обработчики мяса и рыбы
7512 Bakers, pastry-cooks and confectionery makers | Пекари, кондитеры
7513 Dairy-products makers | Изготовители молочных продуктов
7514 Fruit, vegetable and related preservers | Обработчики овощей и фруктов
7515 Food and beverage tasters and graders | Дегустаторы продуктов и напитков
7516 Tobacco preparers and tobacco products makers | Изготовители табачных изделий
7521 Wood treaters | Обработчики древесины
7522 Cabinet-makers and related workers | Столяры-краснодеревщики
7523 Woodworking-machine tool setters and operators | Станочники деревообрабатывающих станков
7531 Tailors, dressmakers, furriers and hatters | Портные, скорняки, шляпники
7532 Garment and related pattern-makers and cutters | Закройщики и изготовители лекал
7533 Sewing, embroidery and related workers | Швеи, вышивальщики
7534 Upholsterers and related workers | Обойщики
7535 Pelt dressers, tanners and fellmongers | Дубильщики и выделыватели кож и меха
7536 Shoemakers and related workers | Обувщики
7541 Underwater divers | Водолазы
7542 Shotfirers and blasters | Взрывники
7543 Product graders and testers (excluding foods and beverages) | Контролёры качества продукции
7544 Fumigators and other pest and weed controllers | Работники по борьбе с вредителями и сорняками
7549 Craft and related workers not elsewhere classified | Квалифицированные рабочие, прочие
"""
