-- Tells what wrk has counted as one line of JSON.
-- Called once, when a run is over: a script without `request` and `response` costs the requests nothing.
function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  io.write(string.format(
    '{"seconds":%.6f,"replies":%d,"bytes":%.0f,"errors":%d,"p50Ms":%.3f,"p95Ms":%.3f,"p99Ms":%.3f}\n',
    summary.duration / 1e6, summary.requests, summary.bytes, failed,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3
  ))
end
