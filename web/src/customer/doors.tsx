/** Signing in and signing up, for customers. */

import { SignInPage } from '../ui/SignInPage'

export function CustomerSignIn() {
  return (
    <SignInPage
      title="Countersign"
      about="Your agents draft. Nothing leaves before you approve exactly that."
      action="Sign in"
      other={{ to: '/sign-up', ask: 'New here?', label: 'Make an account' }}
    />
  )
}

export function CustomerSignUp() {
  return (
    <SignInPage
      title="Make an account"
      about="Hire an agent on trial; it drafts, you approve."
      action="Sign up"
      isNew
      other={{ to: '/sign-in', ask: 'You have one?', label: 'Sign in' }}
    />
  )
}
