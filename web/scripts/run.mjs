// Calls a tool of node_modules with Next.js' telemetry off, and ends as it ends.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const web = new URL('../', import.meta.url)

export function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(script, web)), ...args], {
    cwd: fileURLToPath(web),
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (status !== 0) process.exit(status ?? 1)
}
