"""Post towns of the United Kingdom, by postcode area: where the town's name begins in one line.

Source: the post towns as they are known from Royal Mail's postcode areas (our own compilation from
public knowledge; not a copy of the Postcode Address File, and not complete).
"""

_BY_AREA = """
AB Aberdeen|Aberlour|Aboyne|Alford|Ballater|Ballindalloch|Banchory|Banff|Buckie|Ellon|Fraserburgh|Huntly|Insch|Inverurie|Keith|Laurencekirk|Macduff|Milltimber|Peterculter|Peterhead|Stonehaven|Strathdon|Turriff|Westhill
AL St Albans|Harpenden|Hatfield|Welwyn|Welwyn Garden City
B Birmingham|Alcester|Bromsgrove|Cradley Heath|Halesowen|Oldbury|Redditch|Rowley Regis|Smethwick|Solihull|Studley|Sutton Coldfield|Tamworth|West Bromwich
BA Bath|Bradford on Avon|Bruton|Castle Cary|Frome|Glastonbury|Radstock|Shepton Mallet|Street|Templecombe|Trowbridge|Warminster|Wells|Westbury|Wincanton|Yeovil
BB Blackburn|Accrington|Barnoldswick|Burnley|Clitheroe|Colne|Darwen|Nelson|Rossendale
BD Bradford|Bingley|Cleckheaton|Keighley|Settle|Shipley|Skipton
BH Bournemouth|Broadstone|Christchurch|Ferndown|New Milton|Poole|Ringwood|Swanage|Verwood|Wareham|Wimborne
BL Bolton|Bury
BN Brighton|Arundel|Eastbourne|Hailsham|Hassocks|Henfield|Hove|Lancing|Lewes|Littlehampton|Newhaven|Peacehaven|Pevensey|Polegate|Seaford|Shoreham by Sea|Steyning|Worthing
BR Bromley|Beckenham|Chislehurst|Keston|Orpington|Swanley|West Wickham
BS Bristol|Axbridge|Banwell|Cheddar|Clevedon|Wedmore|Weston super Mare|Winscombe
BT Belfast|Antrim|Armagh|Ballycastle|Ballyclare|Ballymena|Ballymoney|Ballynahinch|Banbridge|Bangor|Bushmills|Carrickfergus|Castlederg|Castlewellan|Coleraine|Cookstown|Craigavon|Crumlin|Donaghadee|Downpatrick|Dromore|Dungannon|Enniskillen|Hillsborough|Holywood|Larne|Limavady|Lisburn|Londonderry|Maghera|Magherafelt|Newcastle|Newry|Newtownabbey|Newtownards|Omagh|Portrush|Portstewart|Strabane
CA Carlisle|Alston|Appleby in Westmorland|Beckermet|Brampton|Cleator|Cleator Moor|Cockermouth|Egremont|Frizington|Holmrook|Keswick|Kirkby Stephen|Maryport|Moor Row|Penrith|Ravenglass|Seascale|St Bees|Whitehaven|Wigton|Workington
CB Cambridge|Ely|Haverhill|Newmarket|Saffron Walden
CF Cardiff|Aberdare|Bargoed|Barry|Bridgend|Caerphilly|Cowbridge|Dinas Powys|Ferndale|Hengoed|Llantwit Major|Maesteg|Merthyr Tydfil|Mountain Ash|Penarth|Pentre|Pontyclun|Pontypridd|Porth|Porthcawl|Tonypandy|Treharris|Treorchy
CH Chester|Bagillt|Birkenhead|Buckley|Deeside|Ellesmere Port|Flint|Holywell|Mold|Neston|Prenton|Wallasey|Wirral
CM Chelmsford|Billericay|Bishops Stortford|Braintree|Brentwood|Burnham on Crouch|Dunmow|Epping|Harlow|Ingatestone|Maldon|Ongar|Sawbridgeworth|Southminster|Stansted|Witham
CO Colchester|Bures|Clacton on Sea|Frinton on Sea|Halstead|Harwich|Manningtree|Sudbury|Walton on the Naze
CR Croydon|Caterham|Coulsdon|Kenley|Mitcham|Purley|South Croydon|Thornton Heath|Warlingham|Whyteleafe
CT Canterbury|Birchington|Broadstairs|Deal|Dover|Folkestone|Herne Bay|Hythe|Margate|Ramsgate|Sandwich|Westgate on Sea|Whitstable
CV Coventry|Atherstone|Bedworth|Kenilworth|Leamington Spa|Nuneaton|Rugby|Shipston on Stour|Southam|Stratford upon Avon|Warwick
CW Crewe|Middlewich|Nantwich|Northwich|Sandbach|Tarporley|Winsford
DA Dartford|Belvedere|Bexley|Bexleyheath|Erith|Gravesend|Greenhithe|Longfield|Sidcup|Swanscombe|Welling
DD Dundee|Arbroath|Brechin|Carnoustie|Forfar|Kirriemuir|Montrose|Newport on Tay|Tayport
DE Derby|Alfreton|Ashbourne|Bakewell|Belper|Burton on Trent|Heanor|Ilkeston|Matlock|Ripley|Swadlincote
DG Dumfries|Annan|Canonbie|Castle Douglas|Dalbeattie|Gretna|Kirkcudbright|Langholm|Lockerbie|Moffat|Newton Stewart|Sanquhar|Stranraer|Thornhill
DH Durham|Chester le Street|Consett|Houghton le Spring|Stanley
DL Darlington|Barnard Castle|Bedale|Bishop Auckland|Catterick Garrison|Crook|Ferryhill|Hawes|Leyburn|Newton Aycliffe|Northallerton|Richmond|Shildon|Spennymoor
DN Doncaster|Barnetby|Barrow upon Humber|Barton upon Humber|Brigg|Cleethorpes|Gainsborough|Goole|Grimsby|Immingham|Retford|Scunthorpe|Ulceby
DT Dorchester|Beaminster|Blandford Forum|Bridport|Lyme Regis|Portland|Sherborne|Sturminster Newton|Weymouth
DY Dudley|Bewdley|Brierley Hill|Kidderminster|Kingswinford|Stourbridge|Stourport on Severn|Tipton
EH Edinburgh|Balerno|Bathgate|Bonnyrigg|Bo ness|Broxburn|Currie|Dalkeith|Dunbar|East Linton|Gorebridge|Gullane|Haddington|Heriot|Humbie|Innerleithen|Juniper Green|Kirkliston|Kirknewton|Lasswade|Linlithgow|Livingston|Loanhead|Longniddry|Musselburgh|Newbridge|North Berwick|Pathhead|Peebles|Penicuik|Prestonpans|Rosewell|Roslin|South Queensferry|Tranent|Walkerburn|West Calder|West Linton
EN Enfield|Barnet|Broxbourne|Hoddesdon|Potters Bar|Waltham Abbey|Waltham Cross
EX Exeter|Axminster|Barnstaple|Beaworthy|Bideford|Braunton|Bude|Budleigh Salterton|Chulmleigh|Colyton|Crediton|Cullompton|Dawlish|Exmouth|Holsworthy|Honiton|Ilfracombe|Lynton|North Tawton|Okehampton|Ottery St Mary|Seaton|Sidmouth|South Molton|Tiverton|Torrington|Umberleigh|Winkleigh|Woolacombe
FK Falkirk|Alloa|Alva|Bonnybridge|Callander|Clackmannan|Crianlarich|Denny|Dollar|Doune|Dunblane|Grangemouth|Killin|Larbert|Lochearnhead|Menstrie|Stirling|Tillicoultry
FY Blackpool|Fleetwood|Lytham St Annes|Poulton le Fylde|Thornton Cleveleys
G Glasgow|Alexandria|Arrochar|Clydebank|Dumbarton|Helensburgh
GL Gloucester|Badminton|Berkeley|Blakeney|Cheltenham|Chipping Campden|Cinderford|Cirencester|Coleford|Drybrook|Dursley|Dymock|Fairford|Lechlade|Longhope|Lydbrook|Lydney|Mitcheldean|Moreton in Marsh|Newent|Newnham|Ruardean|Stonehouse|Stroud|Tetbury|Tewkesbury|Westbury on Severn|Wotton under Edge
GU Guildford|Aldershot|Alton|Bagshot|Bordon|Camberley|Cranleigh|Farnborough|Farnham|Fleet|Godalming|Haslemere|Hindhead|Liphook|Liss|Lightwater|Midhurst|Petersfield|Petworth|Sandhurst|Virginia Water|Windlesham|Woking|Yateley
HA Harrow|Edgware|Northwood|Pinner|Ruislip|Stanmore|Wembley
HD Huddersfield|Brighouse|Holmfirth
HG Harrogate|Knaresborough|Ripon
HP Hemel Hempstead|Amersham|Aylesbury|Beaconsfield|Berkhamsted|Chalfont St Giles|Chesham|Great Missenden|High Wycombe|Princes Risborough|Tring
HR Hereford|Bromyard|Kington|Ledbury|Leominster|Ross on Wye
HS Stornoway|Isle of Lewis|Isle of Harris|Isle of Barra|Isle of North Uist|Isle of South Uist|Isle of Benbecula
HU Hull|Beverley|Brough|Cottingham|Hessle|Hornsea|North Ferriby|Withernsea
HX Halifax|Elland|Hebden Bridge|Sowerby Bridge
IG Ilford|Barking|Buckhurst Hill|Chigwell|Loughton|Woodford Green
IP Ipswich|Aldeburgh|Brandon|Bury St Edmunds|Diss|Eye|Felixstowe|Halesworth|Harleston|Leiston|Saxmundham|Southwold|Stowmarket|Thetford|Woodbridge
IV Inverness|Achnasheen|Alness|Ardgay|Avoch|Beauly|Bonar Bridge|Cromarty|Dingwall|Dornoch|Elgin|Fochabers|Forres|Fortrose|Gairloch|Garve|Invergordon|Isle of Skye|Kyle|Lairg|Lossiemouth|Muir of Ord|Munlochy|Nairn|Plockton|Portree|Rogart|Strathcarron|Strathpeffer|Strome Ferry|Tain|Ullapool
KA Kilmarnock|Ardrossan|Ayr|Beith|Cumnock|Dalry|Darvel|Galston|Girvan|Irvine|Isle of Arran|Kilbirnie|Kilwinning|Largs|Mauchline|Maybole|Millport|Newmilns|Prestwick|Saltcoats|Skelmorlie|Stevenston|Troon|West Kilbride
KT Kingston upon Thames|Addlestone|Ashtead|Chertsey|Chessington|Cobham|East Molesey|Epsom|Esher|Leatherhead|New Malden|Surbiton|Tadworth|Thames Ditton|Walton on Thames|West Byfleet|West Molesey|Weybridge|Worcester Park
KW Kirkwall|Berriedale|Brora|Dunbeath|Golspie|Halkirk|Helmsdale|Kinbrace|Latheron|Lybster|Stromness|Thurso|Wick
KY Kirkcaldy|Anstruther|Burntisland|Cowdenbeath|Cupar|Dunfermline|Glenrothes|Inverkeithing|Kelty|Kinross|Leven|Lochgelly|St Andrews
L Liverpool|Bootle|Ormskirk|Prescot
LA Lancaster|Ambleside|Askam in Furness|Barrow in Furness|Broughton in Furness|Carnforth|Coniston|Dalton in Furness|Grange over Sands|Kendal|Kirkby in Furness|Millom|Milnthorpe|Morecambe|Sedbergh|Ulverston|Windermere
LD Llandrindod Wells|Brecon|Builth Wells|Knighton|Llangammarch Wells|Llanwrtyd Wells|Presteigne|Rhayader
LE Leicester|Ashby de la Zouch|Coalville|Hinckley|Ibstock|Loughborough|Lutterworth|Market Harborough|Markfield|Melton Mowbray|Oakham|Wigston
LL Llandudno|Abergele|Amlwch|Bala|Bangor|Barmouth|Beaumaris|Betws y Coed|Blaenau Ffestiniog|Caernarfon|Colwyn Bay|Conwy|Corwen|Criccieth|Denbigh|Dolgellau|Dolwyddelan|Gaerwen|Garndolbenmaen|Harlech|Holyhead|Llanfairfechan|Llangefni|Llangollen|Llanrwst|Menai Bridge|Penmaenmawr|Penrhyndeudraeth|Porthmadog|Prestatyn|Pwllheli|Rhyl|Ruthin|St Asaph|Tywyn|Wrexham
LN Lincoln|Alford|Horncastle|Louth|Mablethorpe|Market Rasen|Woodhall Spa
LS Leeds|Ilkley|Otley|Pudsey|Tadcaster|Wetherby
LU Luton|Dunstable|Leighton Buzzard
M Manchester|Sale|Salford
ME Maidstone|Aylesford|Chatham|Faversham|Gillingham|Queenborough|Rochester|Sheerness|Sittingbourne|Snodland|West Malling
MK Milton Keynes|Bedford|Buckingham|Newport Pagnell|Olney
ML Motherwell|Airdrie|Bellshill|Biggar|Carluke|Coatbridge|Hamilton|Lanark|Larkhall|Shotts|Strathaven|Wishaw
NE Newcastle upon Tyne|Newcastle|Alnwick|Amble|Ashington|Bamburgh|Bedlington|Belford|Blaydon on Tyne|Blyth|Boldon Colliery|Chathill|Choppington|Corbridge|Cramlington|East Boldon|Gateshead|Haltwhistle|Hebburn|Hexham|Jarrow|Morpeth|Newbiggin by the Sea|North Shields|Prudhoe|Rowlands Gill|Ryton|Seahouses|South Shields|Stocksfield|Wallsend|Washington|Whitley Bay|Wooler|Wylam
NG Nottingham|Grantham|Mansfield|Newark|Sleaford|Southwell|Sutton in Ashfield
NN Northampton|Brackley|Corby|Daventry|Kettering|Rushden|Thrapston|Towcester|Wellingborough
NP Newport|Abergavenny|Abertillery|Blackwood|Caldicot|Chepstow|Crickhowell|Cwmbran|Ebbw Vale|Monmouth|New Tredegar|Pontypool|Tredegar|Usk
NR Norwich|Attleborough|Beccles|Bungay|Cromer|Dereham|Fakenham|Great Yarmouth|Holt|Lowestoft|Melton Constable|North Walsham|Sheringham|Walsingham|Wells next the Sea|Wymondham
LONDON London
OL Oldham|Ashton under Lyne|Bacup|Dukinfield|Heywood|Hyde|Littleborough|Rochdale|Stalybridge|Todmorden
OX Oxford|Abingdon|Bampton|Banbury|Bicester|Burford|Carterton|Chinnor|Chipping Norton|Didcot|Kidlington|Thame|Wallingford|Wantage|Watlington|Witney|Woodstock
PA Paisley|Appin|Bishopton|Bridge of Orchy|Bridge of Weir|Cairndow|Campbeltown|Colintraive|Dalmally|Dunoon|Erskine|Gourock|Greenock|Inveraray|Isle of Bute|Isle of Islay|Isle of Mull|Johnstone|Kilmacolm|Lochgilphead|Lochwinnoch|Oban|Port Glasgow|Renfrew|Rothesay|Tarbert|Taynuilt|Tighnabruaich|Tobermory|Wemyss Bay
PE Peterborough|Boston|Bourne|Chatteris|Downham Market|Hunstanton|Huntingdon|Kings Lynn|March|Sandringham|Skegness|Spalding|Spilsby|St Ives|St Neots|Stamford|Swaffham|Wisbech
PH Perth|Aberfeldy|Acharacle|Arisaig|Auchterarder|Aviemore|Ballachulish|Blairgowrie|Boat of Garten|Carrbridge|Corrour|Crieff|Dalwhinnie|Dunkeld|Fort Augustus|Fort William|Glenfinnan|Grantown on Spey|Invergarry|Isle of Rum|Kingussie|Kinlochleven|Lochailort|Mallaig|Nethy Bridge|Newtonmore|Pitlochry|Roy Bridge|Spean Bridge
PL Plymouth|Bodmin|Boscastle|Callington|Calstock|Camelford|Cornwall|Delabole|Fowey|Gunnislake|Ivybridge|Launceston|Lifton|Liskeard|Looe|Lostwithiel|Padstow|Par|Port Isaac|Saltash|St Austell|Tavistock|Tintagel|Torpoint|Wadebridge|Yelverton
PO Portsmouth|Bembridge|Bognor Regis|Chichester|Cowes|East Cowes|Emsworth|Fareham|Freshwater|Gosport|Havant|Hayling Island|Lee on the Solent|Newport|Rowlands Castle|Ryde|Sandown|Seaview|Shanklin|Southsea|Totland Bay|Ventnor|Waterlooville|Yarmouth
PR Preston|Chorley|Leyland|Southport
RG Reading|Basingstoke|Bracknell|Crowthorne|Henley on Thames|Hook|Hungerford|Newbury|Tadley|Thatcham|Whitchurch|Wokingham
RH Redhill|Betchworth|Billingshurst|Burgess Hill|Crawley|Dorking|East Grinstead|Forest Row|Gatwick|Godstone|Haywards Heath|Horley|Horsham|Lingfield|Oxted|Pulborough|Reigate
RM Romford|Dagenham|Grays|Hornchurch|Purfleet|Rainham|South Ockendon|Tilbury|Upminster
S Sheffield|Barnsley|Chesterfield|Dronfield|Hope Valley|Mexborough|Rotherham|Worksop
SA Swansea|Aberaeron|Ammanford|Boncath|Burry Port|Cardigan|Carmarthen|Clarbeston Road|Clynderwen|Crymych|Ferryside|Fishguard|Glogue|Goodwick|Haverfordwest|Kidwelly|Kilgetty|Lampeter|Llandeilo|Llandovery|Llandysul|Llanelli|Llangadog|Llanwrda|Milford Haven|Narberth|Neath|New Quay|Newcastle Emlyn|Newport|Pembroke|Pembroke Dock|Pencader|Port Talbot|Saundersfoot|Tenby|Whitland
SG Stevenage|Arlesey|Baldock|Biggleswade|Buntingford|Henlow|Hertford|Hitchin|Knebworth|Letchworth Garden City|Letchworth|Much Hadham|Royston|Sandy|Shefford|Ware
SK Stockport|Alderley Edge|Buxton|Cheadle|Dukinfield|Glossop|High Peak|Hyde|Macclesfield|Stalybridge|Wilmslow
SL Slough|Ascot|Bourne End|Gerrards Cross|Iver|Maidenhead|Marlow|Windsor
SM Sutton|Banstead|Carshalton|Morden|Wallington
SN Swindon|Calne|Chippenham|Corsham|Devizes|Faringdon|Malmesbury|Marlborough|Melksham|Pewsey
SO Southampton|Alresford|Brockenhurst|Eastleigh|Lymington|Lyndhurst|Romsey|Stockbridge|Winchester
SP Salisbury|Andover|Fordingbridge|Gillingham|Shaftesbury|Tidworth
SR Sunderland|Peterlee|Seaham
SS Southend on Sea|Basildon|Benfleet|Canvey Island|Hockley|Leigh on Sea|Rayleigh|Rochford|Stanford le Hope|Westcliff on Sea|Wickford
ST Stoke on Trent|Leek|Newcastle|Newcastle under Lyme|Stafford|Stone|Uttoxeter
SY Shrewsbury|Aberystwyth|Bishops Castle|Borth|Bow Street|Bucknell|Caersws|Church Stretton|Craven Arms|Ellesmere|Llanbrynmair|Llandinam|Llanfechain|Llanfyllin|Llanidloes|Llanon|Llanrhystud|Llansantffraid|Llanymynech|Ludlow|Lydbury North|Machynlleth|Malpas|Meifod|Montgomery|Newtown|Oswestry|Talybont|Tregaron|Welshpool|Whitchurch|Ystrad Meurig
TA Taunton|Bridgwater|Burnham on Sea|Chard|Crewkerne|Dulverton|Highbridge|Hinton St George|Ilminster|Langport|Martock|Merriott|Minehead|Montacute|Somerton|South Petherton|Stoke sub Hamdon|Watchet|Wellington
TD Galashiels|Berwick upon Tweed|Cockburnspath|Coldstream|Cornhill on Tweed|Duns|Earlston|Eyemouth|Gordon|Hawick|Jedburgh|Kelso|Lauder|Melrose|Mindrum|Newcastleton|Selkirk
TF Telford|Broseley|Market Drayton|Much Wenlock|Newport|Shifnal
TN Tonbridge|Ashford|Battle|Bexhill on Sea|Cranbrook|Crowborough|Edenbridge|Etchingham|Hartfield|Hastings|Hastings|Heathfield|Mayfield|New Romney|Robertsbridge|Romney Marsh|Rye|Sevenoaks|St Leonards on Sea|Tenterden|Tunbridge Wells|Uckfield|Wadhurst|Westerham|Winchelsea
TQ Torquay|Brixham|Buckfastleigh|Dartmouth|Kingsbridge|Newton Abbot|Paignton|Salcombe|South Brent|Teignmouth|Totnes
TR Truro|Camborne|Falmouth|Hayle|Helston|Isles of Scilly|Marazion|Newquay|Penryn|Penzance|Perranporth|Redruth|St Agnes|St Columb|St Ives
TS Middlesbrough|Billingham|Guisborough|Hartlepool|Redcar|Saltburn by the Sea|Stockton on Tees|Trimdon Station|Wingate|Yarm
TW Twickenham|Ashford|Brentford|Egham|Feltham|Hampton|Hounslow|Isleworth|Richmond|Shepperton|Staines|Staines upon Thames|Sunbury on Thames|Teddington
UB Southall|Greenford|Hayes|Northolt|Uxbridge|West Drayton
WA Warrington|Altrincham|Frodsham|Knutsford|Lymm|Newton le Willows|Runcorn|St Helens|Widnes
WD Watford|Abbots Langley|Borehamwood|Bushey|Kings Langley|Radlett|Rickmansworth
WF Wakefield|Batley|Castleford|Dewsbury|Heckmondwike|Knottingley|Liversedge|Mirfield|Normanton|Ossett|Pontefract
WN Wigan|Leigh|Skelmersdale
WR Worcester|Broadway|Droitwich|Evesham|Malvern|Pershore|Tenbury Wells
WS Walsall|Burntwood|Cannock|Lichfield|Rugeley|Wednesbury
WV Wolverhampton|Bilston|Bridgnorth|Willenhall
YO York|Bridlington|Driffield|Filey|Malton|Pickering|Scarborough|Selby|Thirsk|Whitby
ZE Shetland|Lerwick
"""  # noqa: E501

# Also words of ordinary streets or buildings: a town only where a comma or a column sets it apart.
_TOO_COMMON = {"STREET", "STATION", "PAR", "HOOK", "STONE", "WELLS", "SALE", "MARCH", "EYE", "HOPE"}

POST_TOWNS = tuple(
    sorted(
        {
            town
            for line in _BY_AREA.strip().upper().splitlines()
            for town in line.partition(" ")[2].split("|")
        }
        - _TOO_COMMON
    )
)
"""The towns, in capitals, words separated by one space."""
