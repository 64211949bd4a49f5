/** An agent's state in one word: its subscription's when that stops it, else its own. */

import type { MyAgent } from '../wire'

export function stateOf({ subscription, agent, configured }: MyAgent): string {
  if (subscription.status === 'ended' || subscription.status === 'trial_expired') return subscription.status
  if (agent === null || !configured) return 'not_configured'
  return agent.state
}

export function isWorking({ agent, subscription }: MyAgent): boolean {
  return agent?.state === 'active' && subscription.status !== 'ended'
}

export function isEnded({ subscription }: MyAgent): boolean {
  return subscription.status === 'ended'
}
