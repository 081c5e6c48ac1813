-- The same request for every peer: one order of the menu the benchmark made. Without Accept, which wrk
-- does not send by itself, a 201 has no body.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
wrk.method = "POST"
wrk.body = '{"menuId":1,"qty":2}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "*/*"
