/** Storing, testing and deleting a customer's exchange keys. A secret is not kept after it was sent. */

import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components } from '../api/pp'

type SetupBody = components['schemas']['AssistedExchangeSetupRequest']

function useReread() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: ['connections'] })
}

/** Forgotten as soon as nobody looks at its outcome, as it carries the secret. */
export function useStoreSetup(onDone: () => void) {
  return useMutation({
    mutationFn: (body: SetupBody) => answer(pp.PUT('/api/pp/exchange-credentials', { body })),
    gcTime: 0,
    onSuccess: onDone,
    onSettled: useReread(),
  })
}

const ofRef = (ref: string) => ({ params: { path: { credential_ref: ref } } })

export function useTestSetup() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(pp.POST('/api/pp/exchange-credentials/{credential_ref}/test', ofRef(ref))),
  })
}

export function useDeleteSetup() {
  return useMutation({
    mutationFn: (ref: string) =>
      answer(pp.DELETE('/api/pp/exchange-credentials/{credential_ref}', ofRef(ref))),
    onSettled: useReread(),
  })
}
