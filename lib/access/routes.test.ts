import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PLAIN_DOORS } from '../plain-doors'
import { PLAIN_ROUTES, PUBLIC_PATHS, ROUTES } from './routes'

const APP = resolve(import.meta.dirname, '../../app')
const FILES = filesUnder(APP)

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)(page|route)\.tsx?$/.test(file))
    .map((file) => resolve(folder, file))
}

function folderOf(file: string): string {
  return relative(APP, dirname(file))
}

describe('the table of routes', () => {
  it('finds the pages and routes of the product', () => {
    expect(FILES.length).toBeGreaterThan(15)
  })

  it('lists every page and route, and nothing that is gone', () => {
    const folders = FILES.map(folderOf)
    expect(folders.filter((folder) => !Object.hasOwn(ROUTES, folder))).toEqual([])
    expect(Object.keys(ROUTES).filter((folder) => !folders.includes(folder))).toEqual([])
  })

  it('lists every door beside the framework, and nothing that is gone', () => {
    expect(Object.keys(PLAIN_ROUTES).sort()).toEqual([...PLAIN_DOORS.keys()].sort())
  })

  it('opens no door beside the framework to everybody but those of the public page', () => {
    const open = Object.keys(PLAIN_ROUTES).filter((door) => PLAIN_ROUTES[door]?.kind === 'public')
    expect(open.sort()).toEqual(PUBLIC_PATHS.flatMap((path) => [`GET ${path}`, `HEAD ${path}`]).sort())
    expect(PUBLIC_PATHS.filter((path) => !/^\/(status|api\/v2)(\/|$)/.test(path))).toEqual([])
  })

  it.each(FILES.filter((file) => /page\.tsx?$/.test(file)).map((file) => [folderOf(file), file]))(
    'the page %s asks for what the table says',
    (folder, file) => {
      const source = readFileSync(file, 'utf8')
      const access = ROUTES[folder]
      if (access?.kind === 'permission') expect(source).toContain(`requirePermission('${access.permission}')`)
      else if (access?.kind === 'signed-in') expect(source).toContain('await requireActor()')
      else expect(source).not.toMatch(/require(Actor|Permission)\(/)
    },
  )
})
