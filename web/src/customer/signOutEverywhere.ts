/** Ending every session of the account, on all devices. */

import { useMutation } from '@tanstack/react-query'

import { answer, cp } from '../api/client'
import { useForgetSession } from '../api/session'

export function useSignOutEverywhere() {
  const onSuccess = useForgetSession()
  return useMutation({
    mutationFn: () => answer(cp.POST('/api/auth/logout-everywhere')),
    onSuccess,
  })
}
