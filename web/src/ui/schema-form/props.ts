/** What a form of a schema is given. */

import type { ReactNode } from 'react'

import type { FieldProblem } from '../../api/problem'

export type FormObject = Record<string, unknown>

export interface CredentialOption {
  ref: string
  kind: string
  provider: string
  label: string
}

export interface FormCredentials {
  options: readonly CredentialOption[]
  /** The path of the page that connects an account of this kind at this provider. */
  connectTo: (kind: string, provider: string) => string
}

export interface SchemaFormProps {
  schema: FormObject
  value: FormObject
  onChange: (next: FormObject) => void
  /** Called only with a value that fits the schema. */
  onSubmit?: (value: FormObject) => void
  /** What the portal found: `field` is a JSON pointer or a dotted path. */
  problems?: readonly FieldProblem[]
  disabled?: boolean
  credentials?: FormCredentials
  /** The agent's configuration, which a goal's settings take their choices and defaults from. */
  config?: FormObject
  /** The buttons. */
  children?: ReactNode
}
