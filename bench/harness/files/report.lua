-- One line for the benchmark to read: counts, microseconds. Scripts of wrk load it:
--   dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "report.lua")
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    "RESULT requests=%d micros=%d p50=%d p99=%d max=%d refused=%d broken=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
