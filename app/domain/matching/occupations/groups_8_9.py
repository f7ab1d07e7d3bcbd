"""ISCO-08, major groups 8 and 9: unit groups by code, titles in English and Russian."""

TEXT = """
8111 Miners and quarriers | Горнорабочие шахт и карьеров
8112 Mineral and stone processing plant operators | Операторы установок по обработке руды и камня
8113 Well drillers and borers and related workers | Бурильщики
8114 Cement, stone and other mineral products machine operators | Операторы машин по производству цемента и камня
8121 Metal processing plant operators | Операторы металлоплавильных установок
8122 Metal finishing, plating and coating machine operators | Операторы машин по покрытию металла
8131 Chemical products plant and machine operators | Операторы химического производства
8132 Photographic products machine operators | Операторы машин по производству фотоматериалов
8141 Rubber products machine operators | Операторы машин по производству резиновых изделий
8142 Plastic products machine operators | Операторы машин по производству пластмассовых изделий
8143 Paper products machine operators | Операторы машин по производству изделий из бумаги
8151 Fibre preparing, spinning and winding machine operators | Операторы прядильных и намоточных машин
8152 Weaving and knitting machine operators | Операторы ткацких и вязальных машин
8153 Sewing machine operators | Операторы швейных машин
8154 Bleaching, dyeing and fabric cleaning machine operators | Операторы машин по отбеливанию и окраске тканей
8155 Fur and leather preparing machine operators | Операторы машин по обработке меха и кожи
8156 Shoemaking and related machine operators | Операторы обувного производства
8157 Laundry machine operators | Операторы прачечных машин
8159 Textile, fur and leather products machine operators not elsewhere classified | Операторы текстильных машин, прочие
8160 Food and related products machine operators | Операторы машин по производству пищевых продуктов
8171 Pulp and papermaking plant operators | Операторы целлюлозно-бумажного производства
8172 Wood processing plant operators | Операторы деревообрабатывающих установок
8181 Glass and ceramics plant operators | Операторы печей по производству стекла и керамики
8182 Steam engine and boiler operators | Операторы паровых машин и котлов
8183 Packing, bottling and labelling machine operators | Операторы упаковочных и разливочных машин
8189 Stationary plant and machine operators not elsewhere classified | Операторы промышленных установок, прочие
8211 Mechanical machinery assemblers | Сборщики механического оборудования
8212 Electrical and electronic equipment assemblers | Сборщики электрического и электронного оборудования
8219 Assemblers not elsewhere classified | Сборщики, прочие
8311 Locomotive engine drivers | Машинисты локомотивов
8312 Railway brake, signal and switch operators | Стрелочники и сигнальщики железных дорог
8321 Motorcycle drivers | Водители мотоциклов
8322 Car, taxi and van drivers | Водители легковых автомобилей, такси и фургонов
8331 Bus and tram drivers | Водители автобусов и трамваев
8332 Heavy truck and lorry drivers | Водители грузовых автомобилей
8341 Mobile farm and forestry plant operators | Машинисты сельскохозяйственной и лесной техники
8342 Earthmoving and related plant operators | Машинисты землеройной техники
8343 Crane, hoist and related plant operators | Машинисты кранов и подъёмников
8344 Lifting truck operators | Водители погрузчиков
8350 Ships' deck crews and related workers | Матросы и палубная команда
9111 Domestic cleaners and helpers | Уборщики и прислуга в частных домах
9112 Cleaners and helpers in offices, hotels and other establishments | Уборщики в учреждениях и гостиницах
9121 Hand launderers and pressers | Прачки и гладильщики вручную
9122 Vehicle cleaners | Мойщики транспортных средств
9123 Window cleaners | Мойщики окон
9129 Other cleaning workers | Уборщики, прочие
9211 Crop farm labourers | Неквалифицированные рабочие в растениеводстве
9212 Livestock farm labourers | Неквалифицированные рабочие в животноводстве
9213 Mixed crop and livestock farm labourers | Неквалифицированные рабочие в сельском хозяйстве
9214 Garden and horticultural labourers | Неквалифицированные рабочие в садоводстве
9215 Forestry labourers | Неквалифицированные рабочие в лесном хозяйстве
9216 Fishery and aquaculture labourers | Неквалифицированные рабочие в рыбном хозяйстве
9311 Mining and quarrying labourers | Неквалифицированные рабочие в шахтах и карьерах
9312 Civil engineering labourers | Неквалифицированные рабочие на строительстве дорог и сооружений
9313 Building construction labourers | Неквалифицированные рабочие на строительстве зданий
9321 Hand packers | Упаковщики вручную
9329 Manufacturing labourers not elsewhere classified | Неквалифицированные рабочие на производстве, прочие
9331 Hand and pedal vehicle drivers | Водители ручных и педальных средств
9332 Drivers of animal-drawn vehicles and machinery | Возчики на гужевом транспорте
9333 Freight handlers | Грузчики
9334 Shelf fillers | Раскладчики товаров
9411 Fast food preparers | Работники быстрого питания
9412 Kitchen helpers | Помощники на кухне
9510 Street and related service workers | Работники уличных услуг
9520 Street vendors (excluding food) | Уличные торговцы (кроме еды)
9611 Garbage and recycling collectors | Сборщики мусора и вторсырья
9612 Refuse sorters | Сортировщики мусора
9613 Sweepers and related labourers | Дворники
9621 Messengers, package deliverers and luggage porters | Посыльные, курьеры и носильщики
9622 Odd-job persons | Разнорабочие
9623 Meter readers and vending-machine collectors | Считыватели показаний счётчиков
9624 Water and firewood collectors | Носильщики воды и дров
9629 Elementary workers not elsewhere classified | Неквалифицированные работники, прочие
"""
