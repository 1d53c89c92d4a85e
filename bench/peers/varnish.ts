import { type ProxyPlace, proxyPeer } from './proxy-peer.ts';

/** Varnish with a cache in memory and its default threads. */
export const varnish = proxyPeer({
  name: 'Varnish',
  program: 'varnishd',
  config: varnishConfig,
  args: ({ port, folder, configPath }) =>
    [
      '-F',
      ['-j', 'none'],
      ['-T', 'none'],
      ['-s', 'malloc,64m'],
      ['-a', `127.0.0.1:${port}`],
      ['-f', configPath],
      ['-n', `${folder}/work`],
    ].flat(),
});

function varnishConfig({ upstream }: ProxyPlace): string {
  return `
vcl 4.1;
backend default { .host = "${upstream.host}"; .port = "${upstream.port}"; }
sub vcl_recv { return (hash); }
sub vcl_backend_response {
  set beresp.ttl = 1h;
  return (deliver);
}
`;
}
