/** A form made wholly of a JSON Schema with its hints; what draws it is loaded when the first form is shown. */

import { lazy, Suspense } from 'react'

import { Waiting } from './Page'
import type { SchemaFormProps } from './schema-form/props'

export type { CredentialOption, FormCredentials, FormObject, SchemaFormProps } from './schema-form/props'

const Form = lazy(async () => ({ default: (await import('./schema-form/Form')).Form }))

export function SchemaForm(props: SchemaFormProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <Form {...props} />
    </Suspense>
  )
}
