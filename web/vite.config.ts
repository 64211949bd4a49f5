import react from '@vitejs/plugin-react'
import { loadEnv } from 'vite'
import { defineConfig } from 'vitest/config'

/** Where `vite` passes the API on to while pages are written: CP=http://localhost:8382 npx vite */
function portals() {
  const { CP, PP } = loadEnv('', '.', ['CP', 'PP'])
  return { customer: CP ?? 'http://localhost:8082', ops: PP ?? 'http://localhost:8083' }
}

/** The form library without its entry, which asks for a validator that is not installed. */
const FORM_LIBRARY = {
  find: /^@rjsf\/core$/,
  replacement: new URL('src/ui/schema-form/core.ts', import.meta.url).pathname,
}

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  resolve: { alias: [FORM_LIBRARY] },
  build: {
    assetsInlineLimit: 0,
    rollupOptions: { input: { customer: 'customer.html', ops: 'ops.html' } },
  },
  server: { proxy: { '/api': mode === 'ops' ? portals().ops : portals().customer } },
  test: {
    environment: 'jsdom',
    globals: true,
    isolate: false,
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    server: { deps: { inline: [/@rjsf\/(core|mantine)/] } },
  },
}))
