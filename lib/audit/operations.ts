import { auditList } from './queries'

/** auditOperations are the queries of this room; nothing but the commands of other rooms writes the trail. */
export const auditOperations = [auditList] as const
