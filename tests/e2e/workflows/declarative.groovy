import groovy.json.JsonOutput
import groovy.json.JsonSlurper

// Runs a Jenkinsfile as Jenkins would in one situation, but only notes its steps. Knows the sections of Declarative
// Pipeline that ours uses, and refuses every other word. Compiled by Groovy 2.4, as in Jenkins.
// Arguments: path of the Jenkinsfile; the situation as JSON: { "env": { … }, "timer": true }.

/** Delegate of one section: its words, each with what it does; and what can be read in it. */
class Section {
    String name
    Map words
    Map values

    def methodMissing(String word, args) {
        if (!words.containsKey(word)) {
            throw new IllegalArgumentException("${name} must hold ${words.keySet().join(', ')}, got ${word}")
        }
        words[word](args as List)
    }

    def propertyMissing(String value) {
        if (!values.containsKey(value)) throw new IllegalArgumentException("${name} must know what it reads, got ${value}")
        values[value]
    }
}

def situation = new JsonSlurper().parseText(args[1])
def env = situation.env
def ran = []
def run
run = { String name, Map words, Closure body ->
    body.delegate = new Section(name: name, words: words, values: [env: env, none: null])
    body.resolveStrategy = Closure.DELEGATE_ONLY
    body()
}
def exactly = { String name, Set found, List required ->
    required.each { if (!found.contains(it)) throw new IllegalArgumentException("${name} must have ${it}, got ${found}") }
}
def ignore = { given -> }

def agentOf = { given ->
    def label = null
    if (given[0] instanceof Closure) run('agent', [label: { label = it[0] }], given[0])
    label
}

def conditions
conditions = { Closure body ->
    def held = []
    run('when', [
        beforeAgent: ignore,
        beforeInput: ignore,
        branch: { held << (env.BRANCH_NAME == it[0]) },
        changeRequest: { given ->
            def wanted = given ? given[0].branch?.replace('*', '.*') : null
            held << (env.CHANGE_ID != null && (wanted == null || env.CHANGE_BRANCH ==~ wanted))
        },
        expression: { given -> held << (run('expression', [:], given[0]) as boolean) },
        not: { given -> held << !conditions(given[0]) },
        triggeredBy: { held << (it[0] == 'TimerTrigger' && situation.timer as boolean) },
    ], body)
    held.every()
}

def noteSteps
noteSteps = { Map stage, Closure body ->
    run('steps', [
        archiveArtifacts: ignore,
        file: { it[0].credentialsId },
        sh: { stage.sh << it[0] },
        stash: ignore,
        string: { it[0].credentialsId },
        unstash: ignore,
        withCredentials: { given ->
            stage.credentials.addAll(given[0])
            noteSteps(stage, given[1])
        },
    ], body)
}

def readStage = { String name, Closure body ->
    def stage = [name: name, agent: null, asks: false, credentials: [], sh: []]
    def found = [] as Set
    def runs = true
    def word = { String key, Closure what -> [(key): { given -> found << key; what(given) }] }
    run("stage ${name}", word('agent') { stage.agent = agentOf(it) } +
        word('when') { given -> runs = conditions(given[0]) } +
        word('input') { given -> stage.asks = true; run('input', [message: ignore], given[0]) } +
        word('steps') { given -> noteSteps(stage, given[0]) } +
        word('post') { given -> run('post', [always: { noteSteps(stage, it[0]) }], given[0]) }, body)
    exactly("stage ${name}", found, ['agent', 'steps'])
    if (runs) ran << stage
}

def found = [] as Set
def sections = [
    agent: { agentOf(it) },
    options: { given -> run('options', [disableConcurrentBuilds: ignore, timeout: ignore], given[0]) },
    triggers: { given -> run('triggers', [cron: ignore], given[0]) },
    stages: { given -> run('stages', [stage: { readStage(it[0], it[1]) }], given[0]) },
]
def noted = sections.collectEntries { key, what -> [(key): { given -> found << key; what(given) }] }
def script = new GroovyShell().parse(new File(args[0]))
script.metaClass.pipeline = { Closure body -> run('pipeline', noted, body) }
script.run()
exactly('pipeline', found, ['agent', 'stages'])
println JsonOutput.toJson(ran)
