import { isFields, type KubeObject, type Texts } from './model'
import { badRequest } from './status'

/** A label selector as in a query: `a=b,c!=d,e in (f,g),h,!i`. */
export function labelSelector(text: string): (labels: Texts) => boolean {
  const tests = splitTop(text).map(requirement)
  return (labels) => tests.every((test) => test(labels))
}

function splitTop(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function requirement(text: string): (labels: Texts) => boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (labels) =>
      (operator === 'in') === (labels[key] !== undefined && values.includes(labels[key] ?? ''))
  }
  const compared = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(text)
  if (compared !== null) {
    const [, key = '', operator, value = ''] = compared
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value
  }
  if (/^![\w./-]+$/.test(text)) return (labels) => labels[text.slice(1)] === undefined
  if (/^[\w./-]+$/.test(text)) return (labels) => labels[text] !== undefined
  throw badRequest(`unable to parse requirement: found '${text}', expected: identifier`)
}

/** A field selector: paths into the object compared with = and !=. */
export function fieldSelector(text: string): (object: KubeObject) => boolean {
  const tests = splitTop(text).map((part) => {
    const match = /^([A-Za-z0-9.]+)(==|=|!=)(.*)$/.exec(part)
    if (match === null) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
    const [, path = '', operator, value = ''] = match
    return (object: KubeObject): boolean => (valueAt(object, path) === value) === (operator !== '!=')
  })
  return (object) => tests.every((test) => test(object))
}

function valueAt(object: KubeObject, path: string): string {
  let found: unknown = object
  for (const key of path.split('.')) found = isFields(found) ? found[key] : undefined
  return found === undefined || found === null ? '' : String(found)
}

/** The selector of a workload: equal labels, as all those of this cluster have. */
export function matchesLabels(wanted: Texts | undefined, labels: Texts | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value)
}
