import { type Fields, isFields } from './model'
import { badRequest } from './status'

/** By which field the items of a list are told apart; a list that is not here is replaced as a whole. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  conditions: 'type',
  ownerReferences: 'uid',
}
const PRIMITIVE_SETS: ReadonlySet<string> = new Set(['finalizers'])

const ORDER = '$setElementOrder/'
const DELETE_FROM = '$deleteFromPrimitiveList/'

/** A strategic merge patch for the built-in kinds: lists of named things merge by their names. */
export function strategicPatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) throw badRequest('the patch must be an object')
  return mergeFields(isFields(target) ? target : {}, patch)
}

function mergeFields(target: Fields, patch: Fields): Fields {
  const directive = patch.$patch
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge')
    throw badRequest(`Unknown patch type found: ${String(directive)}`)
  const result: Record<string, unknown> = { ...target }
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(ORDER)) continue
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length)
      result[field] = listOf(result[field]).filter((item) => !listOf(value).includes(item))
    } else if (value === null) delete result[key]
    else result[key] = mergeField(key, result[key], value)
  }
  retain(result, patch.$retainKeys)
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(ORDER)) reorder(result, key.slice(ORDER.length), listOf(order))
  return result
}

function mergeField(key: string, target: unknown, value: unknown): unknown {
  if (isFields(value)) return mergeFields(isFields(target) ? target : {}, value)
  if (!Array.isArray(value)) return value
  if (PRIMITIVE_SETS.has(key)) return [...new Set([...listOf(target), ...value])]
  const mergeKey = MERGE_KEYS[key]
  return mergeKey === undefined ? value : mergeList(listOf(target), value, mergeKey)
}

function mergeList(
  target: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): readonly unknown[] {
  const entries = patch.filter(isFields)
  if (entries.some((entry) => entry.$patch === 'replace' && entry[mergeKey] === undefined))
    return entries.filter((entry) => entry.$patch === undefined)
  let result = [...target]
  for (const entry of entries) {
    const id = entry[mergeKey]
    if (id === undefined)
      throw badRequest(`map: ${JSON.stringify(entry)} does not contain declared merge key: ${mergeKey}`)
    const index = result.findIndex((item) => isFields(item) && item[mergeKey] === id)
    if (entry.$patch === 'delete') result = result.filter((_, place) => place !== index)
    else if (index < 0) result.push(mergeFields({}, entry))
    else {
      const before = result[index]
      result[index] = mergeFields(isFields(before) ? before : {}, entry)
    }
  }
  return result
}

/** Items that the order names stand in that order; others keep their place behind what stood before them. */
function reorder(result: Record<string, unknown>, field: string, order: readonly unknown[]): void {
  const list = listOf(result[field])
  const mergeKey = MERGE_KEYS[field]
  const idOf = (item: unknown): unknown => (isFields(item) && mergeKey !== undefined ? item[mergeKey] : item)
  const wanted = order.map(idOf)
  const named = list.filter((item) => wanted.includes(idOf(item)))
  const sorted = named.toSorted((left, right) => wanted.indexOf(idOf(left)) - wanted.indexOf(idOf(right)))
  let next = 0
  if (Array.isArray(result[field]))
    result[field] = list.map((item) => (wanted.includes(idOf(item)) ? sorted[next++] : item))
}

function retain(result: Record<string, unknown>, keys: unknown): void {
  if (!Array.isArray(keys)) return
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key]
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
