-- POST /stats, one distinct country after the other, from a list of prepared requests.
local codes = {}
for code in ("AD AE AF AG AI AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ZM ZW"):gmatch("%a%a") do
  codes[#codes + 1] = code
end
local requests, next_request = {}, 0
function init(args)
  for i, code in ipairs(codes) do
    requests[i] = wrk.format("POST", "/api/v1/stats?countryCode=" .. code)
  end
end
function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
