import { takeAgentReport } from '@/lib/agent-door'

/** POST /api/agent/report: an instance's agent pushes what it sees. */
export async function POST(request: Request): Promise<Response> {
  return takeAgentReport(request)
}
