import { defineConfig } from 'vitest/config';

// On the real program, with a real browser: one after another, each file with a server of its own.
export default defineConfig({
  test: {
    // script/screenshots says where they go.
    include: process.env['SCREENSHOTS'] ? ['e2e/screenshots.ts'] : ['e2e/**/*.e2e.ts'],
    setupFiles: ['e2e/faults.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
