import type { Role } from '@/lib/access/permissions'
import type { Wire } from '@/lib/client/api'
import type { QueryResult } from '@/lib/registry'

/** ListData is every migration with how it stands. */
export type ListData = Wire<QueryResult<'migrations.list'>>

/** FlagsData is every percentage flag. */
export type FlagsData = Wire<QueryResult<'flags.list'>>

/** MigrationData is one migration with everything its page shows. */
export type MigrationData = Wire<QueryResult<'migrations.one'>>

/** Me is who looks. */
export type Me = { readonly id: string; readonly handle: string; readonly roles: readonly Role[] }
