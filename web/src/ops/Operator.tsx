/** An operator by the end of their id; whoever looks is told that it is they. */

import { useSession } from '../api/session'
import { Actor } from './Actor'

export function Operator({ id }: { id: string }) {
  return useIsMe(id) ? <span title={id}>you</span> : <Actor actor={`operator:${id}`} />
}

export function useIsMe(id: string): boolean {
  return useSession()?.account.id === id
}
