// The loop for web work: pages with hot reload; calls of the API are passed on to a running Footfall (FOOTFALL_URL, http://localhost:3030 if not set).
import { run } from './run.mjs'

run('scripts/world.mjs')
run('node_modules/next/dist/bin/next', 'dev', '--hostname', '127.0.0.1', ...process.argv.slice(2))
