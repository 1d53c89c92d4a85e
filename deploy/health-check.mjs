// Health check of a container (the image has no curl): exit code 0 when the URL answers 2xx within 2 s.
// node deploy/health-check.mjs http://127.0.0.1:8080/readyz
const [url = ''] = process.argv.slice(2);
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
