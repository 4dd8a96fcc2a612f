import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const MARK = /\s*◆([a-z+]+)$/

/** writeFixture writes the fixture repository below a folder and gives the usages planted in it as `file:line kind`. */
export function writeFixture(folder) {
  const text = readFileSync(join(import.meta.dirname, 'fixture.txt'), 'utf8')
  const planted = []
  for (const part of text.split(/^-- /m).slice(1)) {
    const path = part.slice(0, part.indexOf(' --'))
    const lines = part.slice(part.indexOf('\n') + 1).split('\n')
    const clean = lines.map((line, index) => {
      for (const kind of MARK.exec(line)?.[1].split('+') ?? []) planted.push(`${path}:${index + 1} ${kind}`)
      return line.replace(MARK, '')
    })
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), clean.join('\n'))
  }
  return planted
}
