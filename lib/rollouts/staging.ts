const BY_HAND = ['announced', 'planned-start', 'plan.slots']

/** missingForStaging are the conditions of a start that a person’s order in staging does not replace: approvals and the hour it does. */
export function missingForStaging<One extends { readonly id: string }>(
  unmet: readonly One[],
): readonly One[] {
  return unmet.filter(({ id }) => !id.startsWith('approval.') && !BY_HAND.includes(id))
}
