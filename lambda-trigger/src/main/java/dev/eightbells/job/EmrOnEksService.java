package dev.eightbells.job;

import dev.eightbells.job.AwsFailures.Call;
import dev.eightbells.job.JobState.Phase;
import dev.eightbells.pipeline.Compute;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;
import software.amazon.awssdk.services.emrcontainers.model.Configuration;
import software.amazon.awssdk.services.emrcontainers.model.ConfigurationOverrides;
import software.amazon.awssdk.services.emrcontainers.model.JobRun;
import software.amazon.awssdk.services.emrcontainers.model.MonitoringConfiguration;
import software.amazon.awssdk.services.emrcontainers.model.SparkSubmitJobDriver;
import software.amazon.awssdk.services.emrcontainers.model.StartJobRunRequest;

/** Job runs of a virtual cluster of EMR on EKS. */
final class EmrOnEksService implements JobService {
    // What the service takes at most, in characters.
    private static final int MOST_ENTRY_POINT = 256;
    private static final int MOST_OPTIONS = 102_400;
    private static final int MOST_NAME = 64;

    private final Compute.EmrOnEks target;
    private final Map<String, String> spark;
    private final EmrContainersClient client;

    EmrOnEksService(Compute.EmrOnEks target, Map<String, String> spark, AwsClients clients) {
        this.target = target;
        this.spark = spark;
        this.client = clients.containers();
    }

    @Override
    public String place() {
        return target.virtualCluster();
    }

    @Override
    public Job send(JobRequest request) {
        StartJobRunRequest started = started(request);
        try {
            return new Job(request.place(), List.of(client.startJobRun(started).id()));
        } catch (SdkException e) {
            throw AwsFailures.sending(
                    call("send " + request.name() + " to ", "emr-containers:StartJobRun", request.place()), e);
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
            return state(client.describeJobRun(
                            request -> request.virtualClusterId(job.place()).id(id))
                    .jobRun());
        } catch (SdkException e) {
            if (AwsFailures.isUnknown(e)) {
                return new JobState(Phase.FAILED, "job run " + id + " is gone");
            }
            throw AwsFailures.asking(
                    call("look at job run " + id + " of ", "emr-containers:DescribeJobRun", job.place()), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static JobState state(JobRun run) {
        Phase phase =
                switch (run.state()) {
                    case PENDING, SUBMITTED -> Phase.WAITING;
                    case COMPLETED -> Phase.SUCCEEDED;
                    case FAILED, CANCELLED -> Phase.FAILED;
                    default -> Phase.RUNNING;
                };
        String details = Stream.of(run.failureReasonAsString(), run.stateDetails())
                .filter(text -> text != null && !text.isBlank())
                .collect(Collectors.joining(": "));
        return new JobState(phase, JobRuns.said(run.id(), run.stateAsString(), details));
    }

    private static Call call(String doing, String right, String cluster) {
        return new Call(
                Service.EMR_CONTAINERS, doing + "virtual cluster " + cluster, right, "virtual cluster " + cluster);
    }

    private StartJobRunRequest started(JobRequest request) {
        Map<String, String> settings = SparkSettings.onEks(Sizing.of(request.bytes()), spark);
        return StartJobRunRequest.builder()
                .virtualClusterId(request.place())
                .clientToken(request.token())
                .name(name(request))
                .executionRoleArn(target.role())
                .releaseLabel(target.release())
                .jobDriver(driver -> driver.sparkSubmitJobDriver(submit -> submit(request, settings, submit)))
                .configurationOverrides(overrides(SparkCommand.besideOptions(settings)))
                // Whether a batch is tried again is decided by how its attempts ended, which the service does not know.
                .retryPolicyConfiguration(retries -> retries.maxAttempts(1))
                .tags(request.tags())
                .build();
    }

    // The service takes no blanks here, and not as many characters as a pipeline's name may have; the tags say it all.
    private static String name(JobRequest request) {
        String end = "/" + request.batch() + "/" + request.submission();
        String pipeline = request.pipeline();
        return pipeline.substring(0, Math.min(pipeline.length(), MOST_NAME - end.length())) + end;
    }

    private static void submit(JobRequest request, Map<String, String> settings, SparkSubmitJobDriver.Builder submit) {
        String options = SparkCommand.options(settings);
        SparkCommand.check(request, "Spark configuration", options.length(), MOST_OPTIONS);
        SparkCommand.check(request, "jar's location", request.jar().length(), MOST_ENTRY_POINT);
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
                        .cloudWatchMonitoringConfiguration(group -> group.logGroupName(logs))
                        .build();
    }
}
