"""Headings in Welsh, as councils and police of Wales and of the border name their columns."""

_WORDS = """
cyfeirnod = reference; rhif cyfeirnod = reference number; cyf = ref; rhif achos = case number
rhif yr achos = case number; cyfeirnod yr achos = case reference; rhif adroddiad = report number
cyfeirnod yr adroddiad = report reference; rhif hysbysiad = notice number; rhif swydd = job number
cyfeirnod cais = request reference; rhif y cais = request number; rhif = number
dyddiad = date; amser = time; dyddiad ac amser = date and time; dyddiad amser = date time
dyddiad adrodd = date reported; dyddiad adroddwyd = date reported; adroddwyd = reported
dyddiad yr adroddiad = date of report; dyddiad derbyn = date received; derbyniwyd = received
dyddiad derbyniwyd = date received; dyddiad cofnodi = date logged; cofnodwyd = logged
dyddiad creu = date created; crewyd = created; dyddiad agor = date opened; agorwyd = opened
amser adrodd = time reported; amser yr adroddiad = time of report; dyddiad y cais = requested date
dyddiad y digwyddiad = date of incident; amser y digwyddiad = incident time
dyddiad y drosedd = date of offence; dyddiad trosedd = offence date; amser y drosedd = offence time
dyddiad clirio = date cleared; cliriwyd = cleared; dyddiad cliriwyd = date cleared
dyddiad cau = date closed; caewyd = closed; dyddiad cwblhau = date completed; cwblhawyd = completed
dyddiad datrys = date resolved; datryswyd = resolved; amser clirio = time cleared
statws = status; statws achos = case status; statws y cais = request status; cyflwr = status
dwyreiniad = easting; dwyreiniadau = eastings; dwyreiniant = easting; gogleddiad = northing
gogleddiadau = northings; gogleddiant = northing; lledred = latitude; hydred = longitude
cyfeirnod grid = grid reference; cyfeirnod grid cenedlaethol = national grid reference
cyfesurynnau = coordinates; cod post = postcode; codpost = postcode
lleoliad = location; safle = site; lle = place; maes parcio = car park; cyfeiriad = address
stryd = street; enw = name; enw ward = ward name; enw r ward = ward name
tirnod = landmark; disgrifiad = description; manylion = details; nodiadau = notes; nodyn = note
sylwadau = comments; testun = text; nifer = quantity; nifer o ganisterau = number of canisters
nifer y canisterau = number of canisters; canisterau = canisters; nodwyddau = needles
gwydr = glass; silindrau = cylinders; cerbyd = vehicle; ffynhonnell = source
categori = category; math = type; math o wastraff = waste type; gwasanaeth = service
pwnc = subject; trosedd = offence; math o drosedd = offence type; math o hysbysiad = notice type
dyddiad cyhoeddi = date issued; dyddiad yr hysbysiad = notice date; swm = amount; dirwy = fine
cosb = penalty; oedran = age; grwp oedran = age group; canlyniad = outcome; contractwr = contractor
pwysau = weight; dyddiad dechrau = start date; dyddiad gorffen = end date; gorchymyn = order
"""
WELSH = dict(
    pair.strip().split(" = ") for line in _WORDS.strip().splitlines() for pair in line.split(";")
)
"""A plain heading, and the English one that means the same."""
