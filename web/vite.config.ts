import { defineConfig, type ProxyOptions } from 'vite';

// `npm run dev` serves the pages; the API behind them is that of a running `script/server`.
const api: ProxyOptions = {
  target: 'http://localhost:8080',
  bypass: (request) => (request.headers.accept?.includes('text/html') ? '/index.html' : undefined),
};
const apiPaths = ['^/$', '/menus', '/orders', '/mypages', '/deliveries', '/payments', '/profile', '/actuator', '/me', '/login', '/refresh', '/logout'];

export default defineConfig({
  esbuild: { jsx: 'automatic', legalComments: 'none' },
  build: {
    target: 'es2022',
    // Never data: URLs: the Content-Security-Policy allows what this server serves, nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(apiPaths.map((path) => [path, api])) },
});
