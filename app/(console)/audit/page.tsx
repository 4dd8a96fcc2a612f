import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { AuditView } from '@/components/audit/audit-view'
import { filterOf } from '@/components/audit/filter'
import { queryInProcess } from '@/lib/access/in-process'
import { people } from '@/lib/access/queries'
import { requirePermission } from '@/lib/access/session'
import { auditList } from '@/lib/audit/queries'

export const metadata: Metadata = { title: 'Audit trail' }

type Search = Promise<Readonly<Record<string, string | string[] | undefined>>>

export default async function Page({ searchParams }: { readonly searchParams: Search }): Promise<ReactNode> {
  const actor = await requirePermission('audit.read')
  const filter = filterOf(await searchParams)
  const page = await queryInProcess(auditList, actor, { ...filter.input, limit: 50 })
  const persons = await queryInProcess(people, actor, {})
  return <AuditView page={page} filter={filter} persons={persons.map(({ id, name }) => ({ id, name }))} />
}
