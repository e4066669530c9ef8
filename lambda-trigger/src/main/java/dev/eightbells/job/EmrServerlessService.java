package dev.eightbells.job;

import dev.eightbells.job.AwsFailures.Call;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emrserverless.EmrServerlessClient;
import software.amazon.awssdk.services.emrserverless.model.Configuration;
import software.amazon.awssdk.services.emrserverless.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrserverless.model.JobRun;
import software.amazon.awssdk.services.emrserverless.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emrserverless.model.SparkSubmit;
import software.amazon.awssdk.services.emrserverless.model.StartJobRunRequest;

/** Job runs of an EMR Serverless application, which starts itself when it is sent one. */
final class EmrServerlessService implements JobService {
    // What the service takes at most, in characters.
    private static final int MOST_OPTIONS = 102_400;

    // A batch that takes longer than three windows is stuck.
    private static final Duration LONGEST = Duration.ofHours(12);

    private final Compute.EmrServerless target;
    private final Map<String, String> spark;
    private final EmrServerlessClient client;

    EmrServerlessService(Compute.EmrServerless target, Map<String, String> spark, AwsClients clients) {
        this.target = target;
        this.spark = spark;
        this.client = clients.serverless();
    }

    @Override
    public String place() {
        return target.application();
    }

    @Override
    public Job send(JobRequest request) {
        StartJobRunRequest started = started(request);
        try {
            return new Job(request.place(), List.of(client.startJobRun(started).jobRunId()));
        } catch (SdkException e) {
            throw AwsFailures.sending(
                    call("send " + request.name() + " to ", "emr-serverless:StartJobRun", request.place()), e);
        }
    }

    /** Always empty: a request that is sent again is answered with the job run that it started. */
    @Override
    public Optional<Job> find(JobRequest request) {
        return Optional.empty();
    }

    @Override
    public Repeats repeats() {
        return Repeats.ONE_JOB;
    }

    @Override
    public JobState state(Job job) {
        String id = job.ids().get(0);
        try {
            return state(client.getJobRun(
                            request -> request.applicationId(job.place()).jobRunId(id))
                    .jobRun());
        } catch (SdkException e) {
            if (AwsFailures.isUnknown(e)) {
                return new JobState(Phase.FAILED, "job run " + id + " is gone");
            }
            throw AwsFailures.asking(
                    call("look at job run " + id + " of ", "emr-serverless:GetJobRun", job.place()), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static JobState state(JobRun run) {
        Phase phase =
                switch (run.state()) {
                    case SUBMITTED, QUEUED, PENDING, SCHEDULED -> Phase.WAITING;
                    case SUCCESS -> Phase.SUCCEEDED;
                    case FAILED, CANCELLED -> Phase.FAILED;
                    default -> Phase.RUNNING;
                };
        return new JobState(phase, JobRuns.said(run.jobRunId(), run.stateAsString(), run.stateDetails()));
    }

    private static Call call(String doing, String right, String application) {
        return new Call(
                Service.EMR_SERVERLESS, doing + "application " + application, right, "application " + application);
    }

    private StartJobRunRequest started(JobRequest request) {
        Map<String, String> settings = SparkSettings.onServerless(Sizing.of(request.bytes()), spark);
        return StartJobRunRequest.builder()
                .applicationId(request.place())
                .clientToken(request.token())
                .name(request.name())
                .executionRoleArn(target.role())
                .jobDriver(driver -> driver.sparkSubmit(submit -> submit(request, settings, submit)))
                .configurationOverrides(overrides(SparkCommand.besideOptions(settings)))
                .executionTimeoutMinutes(LONGEST.toMinutes())
                // Whether a batch is tried again is decided by how its attempts ended, which the service does not know.
                .retryPolicy(retries -> retries.maxAttempts(1))
                .tags(request.tags())
                .build();
    }

    private static void submit(JobRequest request, Map<String, String> settings, SparkSubmit.Builder submit) {
        String options = SparkCommand.options(settings);
        SparkCommand.check(request, "Spark configuration", options.length(), MOST_OPTIONS);
        submit.entryPoint(request.jar())
                .entryPointArguments(SparkCommand.arguments(request, SparkCommand.RUN))
                .sparkSubmitParameters(options);
    }

    private ConfigurationOverrides overrides(Map<String, String> settings) {
        if (settings.isEmpty() && target.logs() == null) {
            return null;
        }

        ConfigurationOverrides.Builder overrides = ConfigurationOverrides.builder();
        if (!settings.isEmpty()) {
            overrides.applicationConfiguration(Configuration.builder()
                    .classification("spark-defaults")
                    .properties(settings)
                    .build());
        }
        if (target.logs() != null) {
            overrides.monitoringConfiguration(monitoring(target.logs()));
        }
        return overrides.build();
    }

    private static MonitoringConfiguration monitoring(String logs) {
        return JobRuns.isOnS3(logs)
                ? MonitoringConfiguration.builder()
                        .s3MonitoringConfiguration(s3 -> s3.logUri(logs))
                        .build()
                : MonitoringConfiguration.builder()
                        .cloudWatchLoggingConfiguration(
                                group -> group.enabled(true).logGroupName(logs))
                        .build();
    }
}
