/** Entries of the audit chain in words. A kind that is not here is shown by its name. */

import { inWords } from '../../ui/StateBadge'

const WORDS = new Map<string, string>([
  ['approval.stored', 'Approved'],
  ['approval.revoked', 'Approval revoked'],
  ['decision.denied', 'Denied'],
  ['deliverable.drafted', 'Drafted'],
  ['execution.released', 'Released to be sent'],
  ['execution.in_doubt', 'Outcome in doubt'],
  ['execution.settled', 'Outcome certain'],
  ['goal.set', 'Goal set'],
  ['goal.deleted', 'Goal deleted'],
  ['goal.run_asked_for', 'Goal run by you'],
  ['goal_run.run_again', 'Goal run again'],
  ['hired_agent.drafted', 'Configuration kept'],
  ['hired_agent.finalized', 'Agent put to work'],
  ['hired_agent.upgraded', 'Agent moved to a new version'],
  ['subscription.changed', 'Subscription changed'],
])

export function eventWords(kind: string): string {
  return WORDS.get(kind) ?? inWords(kind.replaceAll('.', ' '))
}

/** Each fact by its name; what is nested is spelled out, nothing is left out. */
export function factsOf(body: Record<string, unknown>): string[] {
  return Object.entries(body)
    .filter(([, value]) => value !== null && value !== '')
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
}

const FIRST = ['detail', 'reason', 'state', 'kind', 'template_id', 'plan', 'agent_id', 'action_kind']

/** What says most comes first; ids and hashes follow. */
function placeOf(name: string): number {
  const place = FIRST.indexOf(name)
  return place < 0 ? FIRST.length : place
}
