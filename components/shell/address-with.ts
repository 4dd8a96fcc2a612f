/** addressWith gives an address with one value set, or taken out when empty; `without` are values that begin anew with it. */
export function addressWith(
  path: string,
  params: URLSearchParams,
  change: { readonly name: string; readonly value: string; readonly without?: readonly string[] },
): string {
  const { name, value, without = [] } = change
  const next = new URLSearchParams(params)
  for (const one of without) next.delete(one)
  if (value === '') next.delete(name)
  else next.set(name, value)
  return next.size === 0 ? path : `${path}?${next}`
}
