import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from '../lib/checkout.mjs'
import { run } from '../lib/commands.mjs'

/** temporaryFolder makes an empty folder; {path, remove}. */
export function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'watchfloor-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** writeTree writes files, given as path → text, below a folder. */
export function writeTree(base, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
}

/**
 * throwawayCheckout makes a checkout of the scripts alone, with a state and files of its own: {path, node, remove}.
 * node(args, env) runs a script in it and returns {code, text}.
 */
export function throwawayCheckout(files) {
  const { path, remove } = temporaryFolder()
  // Open to others, so that a database started by root stays inside the folder and goes with it.
  chmodSync(path, 0o755)
  for (const part of ['scripts', 'prisma.config.ts', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(path, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  writeTree(path, files)
  const clean = { DATABASE_URL: '', WATCHFLOOR_STATE: join(path, '.watchfloor') }
  const node = async (args, env = {}) => {
    const { code, output, errors } = await run(process.execPath, args, {
      cwd: path,
      env: { ...clean, ...env },
    })
    return { code, text: output + errors }
  }
  return {
    path,
    node,
    remove: async () => {
      await node(['scripts/db.mjs', 'stop', '--force'])
      remove()
    },
  }
}
