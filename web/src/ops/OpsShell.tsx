/** The frame of the operators' pages: navigation and live updates. */

import { useLiveUpdates } from '../api/events'
import { useSession } from '../api/session'
import { WhileSignedIn } from '../ui/routing'
import { Shell } from '../ui/Shell'
import { PLACES } from './places'

export function OpsShell() {
  const session = useSession()
  useLiveUpdates('/api/pp/events', Boolean(session))
  return (
    <WhileSignedIn>
      <Shell name="Countersign operations" places={PLACES} />
    </WhileSignedIn>
  )
}
