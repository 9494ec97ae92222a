// Checks the types.
import { run } from './run.mjs'

run('scripts/world.mjs')
run('node_modules/next/dist/bin/next', 'typegen')
run('node_modules/typescript/bin/tsc', '--noEmit')
