/** The form itself: the schema's fields drawn by the form library, problems at their fields, buttons at the end. */

import { Alert, List, Stack } from '@mantine/core'
import { generateTheme } from '@rjsf/mantine'
import type { RegistryWidgetsType, RJSFSchema } from '@rjsf/utils'
import { useMemo, useRef, useState } from 'react'

import type { FieldProblem } from '../../api/problem'
import {
  AvatarControl,
  CheckboxesControl,
  CredentialControl,
  RadioControl,
  SelectControl,
  TimezoneControl,
} from './choiceControls'
import { withTheme } from './core'
import { problemsOf } from './problems'
import type { FormObject, SchemaFormProps } from './props'
import { controlId, placed, useTold } from './placing'
import { FieldFrame, FieldGroups } from './templates'
import {
  DecimalControl,
  LinesControl,
  LongTextControl,
  NumberControl,
  TagsControl,
  TextControl,
  TimeControl,
  UrlControl,
} from './textControls'
import { drawnSchema, uiSchemaOf, withoutHidden } from './uiSchema'
import { errorTreeOf, validator, type FormTies } from './validator'

const Drawn = withTheme<FormObject, RJSFSchema, FormTies>(generateTheme<FormObject, RJSFSchema, FormTies>())

const CONTROLS: RegistryWidgetsType<FormObject, RJSFSchema, FormTies> = {
  avatar: AvatarControl,
  checkboxes: CheckboxesControl,
  credential: CredentialControl,
  decimal: DecimalControl,
  list: LinesControl,
  number: NumberControl,
  radio: RadioControl,
  select: SelectControl,
  tags: TagsControl,
  text: TextControl,
  textarea: LongTextControl,
  time: TimeControl,
  timezone: TimezoneControl,
  url: UrlControl,
  weekdays: CheckboxesControl,
}
const TEMPLATES = { FieldTemplate: FieldFrame, ObjectFieldTemplate: FieldGroups }
const DEFAULTS = {
  arrayMinItems: { populate: 'never' },
  emptyObjectFields: 'skipEmptyDefaults',
  constAsDefaults: 'always',
} as const
const NOTHING: FormObject = {}
const NO_PROBLEMS: readonly FieldProblem[] = []

export function Form({
  schema,
  value,
  onChange,
  onSubmit,
  problems = NO_PROBLEMS,
  disabled,
  credentials,
  config = NOTHING,
  children,
}: SchemaFormProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [visited, setVisited] = useState<ReadonlySet<string>>(new Set())
  const [wasSubmitted, setSubmitted] = useState(false)
  const drawn = useMemo(() => drawnSchema(schema, config), [schema, config])
  const sent = useMemo(() => withoutHidden(schema, value, config), [schema, value, config])
  const ui = useMemo(() => uiSchemaOf(schema, { value, config }), [schema, value, config])
  const found = useMemo(() => problemsOf(schema, sent), [schema, sent])
  const told = useTold(problems, sent)
  const own = placed(schema, { value, config }, found)
  const foreign = placed(schema, { value, config }, told)
  const mentioned = own.atFields.filter(({ field }) => wasSubmitted || visited.has(controlId(field)))
  const elsewhere = [...foreign.elsewhere, ...(wasSubmitted ? own.elsewhere : [])]
  const tree = errorTreeOf([...foreign.atFields, ...mentioned])

  function submit() {
    setSubmitted(true)
    const [first] = own.atFields
    if (found.length === 0) onSubmit?.(sent)
    else if (first !== undefined) focusField(frame.current, first.field)
  }

  return (
    <div ref={frame}>
      <Drawn
        schema={drawn as RJSFSchema}
        uiSchema={ui}
        formData={value}
        validator={validator}
        widgets={CONTROLS}
        templates={TEMPLATES}
        extraErrors={tree}
        formContext={{ credentials }}
        experimental_defaultFormStateBehavior={DEFAULTS}
        disabled={disabled ?? false}
        noHtml5Validate
        noValidate
        showErrorList={false}
        onChange={({ formData }) => onChange(withoutHidden(schema, formData ?? NOTHING, config))}
        onBlur={(id) => setVisited((ids) => (ids.has(id) ? ids : new Set([...ids, id])))}
        onSubmit={submit}
      >
        <Stack mt="lg">
          {elsewhere.length > 0 && <ProblemsElsewhere problems={elsewhere} />}
          {wasSubmitted && found.length > 0 && (
            <Alert color="red" role="alert" title="Some fields need another look">
              {found.length === 1 ? 'One field is marked above.' : `${found.length} things are marked above.`}
            </Alert>
          )}
          {children}
        </Stack>
      </Drawn>
    </div>
  )
}

/** What was found at no field that is on the page must still be said. */
function ProblemsElsewhere({ problems }: { problems: readonly FieldProblem[] }) {
  return (
    <Alert color="red" title="What else must be mended">
      <List size="sm">
        {problems.map(({ field, message }) => (
          <List.Item key={field + message}>
            {field} {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function focusField(frame: HTMLElement | null, field: string): void {
  const control = frame?.querySelector(`#${CSS.escape(controlId(field))}`)
  const focusable = 'input, textarea, select, button'
  const target = control?.matches(focusable) ? control : control?.querySelector(focusable)
  if (target instanceof HTMLElement) target.focus()
}
