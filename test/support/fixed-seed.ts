import fc from 'fast-check'

// The same cases at every run, so that a change is judged by what it changes. KSCN_TEST_SEED=random (or a number) looks further.
const wanted = process.env['KSCN_TEST_SEED']
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wanted ?? 20_261_121) })
