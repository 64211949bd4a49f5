/** The frame of the customers' pages: navigation, the agent selector, the bell, live updates, the first tour. */

import { useLiveUpdates } from '../api/events'
import { useSession } from '../api/session'
import { WhileSignedIn } from '../ui/routing'
import { Shell } from '../ui/Shell'
import { AgentSelector } from './AgentSelector'
import { Bell } from './Bell'
import { PLACES } from './places'
import { Tour } from './Tour'

export function CustomerShell() {
  const session = useSession()
  useLiveUpdates('/api/cp/events', Boolean(session))
  return (
    <WhileSignedIn>
      <Shell
        name="Countersign"
        places={PLACES}
        accountPlace="/account"
        tools={
          <>
            <AgentSelector />
            <Bell />
          </>
        }
      />
      <Tour />
    </WhileSignedIn>
  )
}
