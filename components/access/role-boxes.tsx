import type { ReactNode } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { ROLES, type Role } from '@/lib/access/permissions'
import { ROLE_TEXTS } from './roles'

/** rolesIn reads the ticked boxes of a form. */
export function rolesIn(form: FormData): Role[] {
  const ticked = form.getAll('roles').map(String)
  return ROLES.filter((role) => ticked.includes(role))
}

/** RoleBoxes lets tick any number of roles; `locked` says why they can't be changed. */
export function RoleBoxes({
  held,
  locked,
  error,
}: {
  readonly held: readonly Role[]
  readonly locked?: string | undefined
  readonly error?: string | undefined
}): ReactNode {
  return (
    <fieldset className="grid gap-1.5" disabled={locked !== undefined}>
      <legend className="pb-1 text-12 font-medium text-ink-2">Roles</legend>
      {ROLES.map((role) => (
        <Checkbox
          key={role}
          name="roles"
          value={role}
          defaultChecked={held.includes(role)}
          label={
            <span>
              {role} <span className="text-ink-3">{ROLE_TEXTS[role]}</span>
            </span>
          }
        />
      ))}
      {locked === undefined ? null : <p className="text-12 text-ink-3">{locked}</p>}
      {error === undefined ? null : (
        <p role="alert" className="text-12 text-breach">
          {error}
        </p>
      )}
    </fieldset>
  )
}
