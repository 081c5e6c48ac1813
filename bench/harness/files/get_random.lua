-- GET of the URL's path with a random id behind it: wrk ... URL/mypages -- FIRST LAST
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
local first, last, head, tail
function init(arguments)
  first, last = tonumber(arguments[1]), tonumber(arguments[2])
  math.randomseed(os.time())
  -- Formatting a whole request for each id would cost more than the answer.
  local request = wrk.format("GET", wrk.path .. "/@")
  head, tail = request:match("^(.-)@(.*)$")
end
function request()
  return head .. math.random(first, last) .. tail
end
