/** Signing in, for operators. */

import { SignInPage } from '../ui/SignInPage'

export function OpsSignIn() {
  return (
    <SignInPage
      title="Countersign operations"
      about="For operators only; what you do is recorded."
      action="Sign in"
    />
  )
}
