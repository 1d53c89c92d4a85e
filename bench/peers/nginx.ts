import { type ProxyPlace, proxyPeer } from './proxy-peer.ts';

/** nginx with a cache on disk, of which the system's file cache makes one in memory; one worker process, for one core. */
export const nginx = proxyPeer({
  name: 'nginx proxy_cache',
  program: 'nginx',
  config: nginxConfig,
  args: ({ folder, configPath }) => ['-p', folder, '-c', configPath, '-e', 'stderr'],
});

function nginxConfig({ port, upstream, folder }: ProxyPlace): string {
  // Workers of root's nginx are another user, who may not write into our folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
${user}
worker_processes 1;
pid ${folder}/pid;
error_log stderr error;
events { worker_connections 1024; }
http {
  ${temporary.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100 inactive=1h;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  proxy_cache_path ${folder}/cache levels=1:2 keys_zone=answers:10m inactive=1h use_temp_path=off;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${upstream.host}:${upstream.port};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_cache answers;
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control Expires Vary;
    }
  }
}
`;
}
