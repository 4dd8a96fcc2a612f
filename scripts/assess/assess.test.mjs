import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assess } from './assess.mjs'
import { writeFixture } from './fixture.mjs'
import { lexPython, lexScript } from './lex.mjs'
import { chosenProviders } from './providers.mjs'

let folder
let planted
let inventory

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assess-'))
  planted = writeFixture(folder)
  inventory = assess({ root: folder, providers: chosenProviders([]) })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the scanner', () => {
  it('MG-SCAN-01 finds each of the 40 usages planted in the fixture, and nothing else', () => {
    expect(planted.length).toBe(40)
    const found = inventory.findings.map(({ file, line, kind }) => `${file}:${line} ${kind}`)
    expect(found.filter((one) => !planted.includes(one))).toEqual([])
    expect(planted.filter((one) => !found.includes(one))).toEqual([])
    expect(found.length).toBe(40)
  })

  it('MG-SCAN-02 tells names and places, never a value', () => {
    expect(JSON.stringify(inventory)).not.toContain('0123456789abcdef')
  })

  it('MG-SCAN-03 sums up files, integration points, dependencies, customisations and data types', () => {
    expect(inventory.dataTypes).toEqual([{ name: 'Render', records: null }])
    const [vast] = inventory.providers
    expect(vast).toMatchObject({
      id: 'vast',
      findings: 40,
      dependencies: ['@vastai/sdk', 'vastai', 'vastai-sdk'],
      credentials: ['VAST_API_KEY'],
      customisations: [
        'VASTAI_FALLBACK',
        'VASTAI_REGION',
        'VAST_API_URL',
        'vastai/base-image:cuda-12.4',
        'vastai/pytorch:2.4',
      ],
    })
    const points = inventory.findings.filter(({ kind }) => ['call', 'endpoint', 'command'].includes(kind))
    expect(vast.integrationPoints).toBe(points.length)
  })

  it('MG-SCAN-04 a provider of one’s own is a JSON file; a wrong one says what is wrong', () => {
    const file = join(folder, 'own.json')
    writeFileSync(file, JSON.stringify({ id: 'own', npm: ['vast-geometry'] }))
    const found = assess({ root: folder, providers: chosenProviders([file]) }).findings
    expect(found.map((one) => `${one.file} ${one.kind}`)).toEqual([
      'package.json dependency',
      'src/client.ts import',
      'src/client.ts call',
    ])
    writeFileSync(file, JSON.stringify({ id: 'own', npm: 'x' }))
    expect(() => chosenProviders([file])).toThrow('npm must be a list of texts')
    expect(() => chosenProviders(['nobody'])).toThrow('There is no provider nobody')
  })
})

describe('the lexers', () => {
  it.each([
    ['a quote in a pattern', "const a = /'/; const b = 'x'", ['x']],
    ['a division is no pattern', "const a = b / c; const d = 'x' / e", ['x']],
    ['code in a template', `\`a $${"{f('x')}"} b\``, ['a ', 'x', ' b']],
    ['a comment in a text', "const a = 'http://x'", ['http://x']],
    ['an apostrophe in markup', "<p>don't</p>\nconst a = 'x'", ['x']],
    ['a brace in a template', `\`$${'{{ a: `b` }.a}'}\``, ['', 'b', '']],
  ])('%s', (_name, code, strings) => {
    expect(
      lexScript(code)
        .strings.map(({ value }) => value)
        .sort(),
    ).toEqual([...strings].sort())
  })

  it('keeps places: what is blanked is as long as it was', () => {
    const text = "const a = 'x' // y\n/* z */ b()\n"
    expect(lexScript(text).code.length).toBe(text.length)
    expect(lexPython('a = """x\ny"""  # z\n').code.length).toBe('a = """x\ny"""  # z\n'.length)
  })
})
