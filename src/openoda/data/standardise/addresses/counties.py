"""Counties, countries and regions that end an address and say little: no part of BS 7666's town.

Source: the ceremonial and historic counties of the United Kingdom, with their usual short forms.
"""

COUNTIES = tuple(
    """
    Aberdeenshire|Anglesey|Angus|Argyll|Avon|Ayrshire|Banffshire|Beds|Bedfordshire|Berks|Berkshire
    Berwickshire|Blaenau Gwent|Bucks|Buckinghamshire|Caerphilly|Caithness|Cambs|Cambridgeshire
    Ceredigion|Cheshire|Clackmannanshire|Cleveland|Clwyd|Co Antrim|Co Armagh|Co Down|Co Durham
    Co Fermanagh|Co Londonderry|Co Tyrone|Conwy|Cornwall|County Antrim|County Armagh|County Down
    County Durham|County Fermanagh|County Londonderry|County Tyrone|Cumberland|Cumbria|Denbighshire
    Derbys|Derbyshire|Devon|Dorset|Dumfriesshire|Dunbartonshire|Dyfed|East Lothian
    East Riding of Yorkshire|East Sussex|East Yorkshire|England|Essex|Fife|Flintshire|Glamorgan|Glos
    Gloucestershire|Great Britain|Greater London|Greater Manchester|Gtr Manchester|Gwent|Gwynedd
    Hampshire|Hants|Herefordshire|Herts|Hertfordshire|Humberside|Inverness Shire|Isle of Wight|Kent
    Kincardineshire|Kinross Shire|Kirkcudbrightshire|Lanarkshire|Lancashire|Lancs|Leics
    Leicestershire|Lincolnshire|Lincs|Merseyside|Merthyr Tydfil|Mid Glamorgan|Middlesex|Middx
    Midlothian|Monmouthshire|Morayshire|Nairnshire|Norfolk|North East Lincolnshire
    North Humberside|North Lincolnshire|North Yorkshire|Northamptonshire|Northants|Northern Ireland
    Northumberland|Notts|Nottinghamshire|Orkney|Oxfordshire|Oxon|Peeblesshire|Pembrokeshire
    Perthshire|Powys|Renfrewshire|Rhondda Cynon Taf|Ross Shire|Roxburghshire|Rutland|Salop|Scotland
    Selkirkshire|Shetland|Shropshire|Somerset|South Glamorgan|South Humberside|South Yorkshire
    Staffordshire|Staffs|Stirlingshire|Suffolk|Surrey|Sussex|Sutherland|Tyne and Wear|Uk
    United Kingdom|Wales|Warks|Warwickshire|West Glamorgan|West Lothian|West Midlands|West Sussex
    West Yorkshire|Westmorland|Wigtownshire|Wilts|Wiltshire|Worcestershire|Worcs|Yorkshire|Yorks
    Esx|Nfk|Sfk|N Yorks|S Yorks|W Yorks|E Sussex|W Sussex|W Midlands
    """.upper()
    .replace("\n", "|")
    .replace("|    ", "|")
    .strip(" |")
    .split("|")
)
