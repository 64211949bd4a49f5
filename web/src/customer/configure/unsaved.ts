/** What was typed into a configuration and not kept yet: it outlives a look at another page, and ends with the session. */

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'

import type { FormObject } from '../../ui/SchemaForm'

export interface Unsaved {
  config: FormObject
  /** The version that the typing began on; undefined when there was none yet. */
  onTopOf: number | undefined
}

function unsavedQuery(subscriptionId: string) {
  return queryOptions<Unsaved | null>({
    queryKey: ['unsaved', subscriptionId],
    queryFn: () => null,
    staleTime: Infinity,
    gcTime: Infinity,
  })
}

export function useUnsaved(subscriptionId: string) {
  const queries = useQueryClient()
  const { queryKey } = unsavedQuery(subscriptionId)
  const { data } = useQuery(unsavedQuery(subscriptionId))
  return {
    unsaved: data ?? undefined,
    keep: (unsaved: Unsaved) => queries.setQueryData(queryKey, unsaved),
    forget: () => queries.setQueryData(queryKey, null),
  }
}
