package dev.eightbells.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eightbells.batch.Bounds;
import dev.eightbells.batch.Stragglers;
import dev.eightbells.trigger.Watched.Became;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the deployment template promises. */
class TemplateTest {
    private static final Pattern PARAMETER = Pattern.compile("\\b([A-Z][A-Za-z]+)=[^\"]");

    private static Template template;

    @BeforeAll
    static void load() throws IOException {
        template = Template.load();
    }

    @Test
    void passesCfnLint() throws Exception {
        Process lint = startCfnLint();
        assumeTrue(lint != null, "THE TEMPLATE WAS NOT LINTED: cfn-lint is not installed (pip install cfn-lint)");
        String said = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(lint.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(said).isEmpty();
        assertThat(lint.exitValue()).isZero();
    }

    @Test
    void deploysTheHandlerOnceAtATime() throws ClassNotFoundException {
        Class<?> handler = Class.forName((String) template.property("Function", "Handler"));

        assertThat(RequestStreamHandler.class).isAssignableFrom(handler);
        assertThat(template.property("Function", "Runtime")).isEqualTo("java21");
        assertThat(template.property("Function", "ReservedConcurrentExecutions"))
                .isEqualTo(1);
        assertThat(((Map<?, ?>) template.property("Function", "Environment", "Variables")).keySet())
                .isEqualTo(Set.of(PipelineFiles.VARIABLE, Watch.JAR));
    }

    @Test
    void firesByUtcUnderANameThatIsTheStacksOwn() {
        assertThat(schedule("ScheduleExpressionTimezone")).isEqualTo("UTC");
        assertThat(schedule("OmitName")).isEqualTo(true);
        assertThat(template.property("Function", "Events", "Watch", "Type")).isEqualTo("ScheduleV2");
        assertThat(template.at("Parameters", "ScheduleExpression", "Default")).isEqualTo("cron(20 0/4 * * ? *)");
        assertThat(template.at("Parameters", "WindowSeconds", "Default")).isEqualTo(4 * 60 * 60);
    }

    @Test
    void sendsAnEventThatTheHandlerReads() {
        String event = ((String) schedule("Input"))
                .replace("<aws.scheduler.scheduled-time>", "2026-11-22T08:20:00Z")
                .replaceAll("<aws\\.scheduler\\.[a-z-]+>", "1");

        Firing firing = Firing.read(event, Instant.parse("2026-11-22T08:20:31Z"));

        assertThat(firing).isEqualTo(new Firing(null, Instant.parse("2026-11-22T08:20:00Z"), null, Firing.By.SCHEDULE));
    }

    @Test
    void keepsFiringsThatDoNotArriveAndTellsAPersonWhatFailed() {
        assertThat(schedule("DeadLetterConfig")).isEqualTo(Map.of("Arn", Map.of("Fn::GetAtt", "Undelivered.Arn")));
        assertThat(template.property("Undelivered", "SqsManagedSseEnabled")).isEqualTo(true);
        assertThat(template.property("UndeliveredAlarm", "Dimensions", "0", "Value"))
                .isEqualTo(Map.of("Fn::GetAtt", "Undelivered.QueueName"));
        assertThat(template.property("Function", "EventInvokeConfig", "DestinationConfig", "OnFailure"))
                .isEqualTo(Map.of("Type", "SNS", "Destination", Map.of("Ref", "Alarms")));
        assertThat(template.granted("FunctionRole", "watch")).contains("sns:Publish");
        assertThat(template.granted("ScheduleRole", "fire"))
                .containsExactly("lambda:InvokeFunction", "sqs:SendMessage");
    }

    @Test
    void keepsBucketsEncryptedClosedAndCleared() {
        List<String> buckets = template.named("AWS::S3::Bucket");

        assertThat(buckets).hasSize(2).allSatisfy(bucket -> {
            assertThat(template.property(bucket, "BucketEncryption", "ServerSideEncryptionConfiguration", "0"))
                    .isNotNull();
            assertThat((Map<?, ?>) template.property(bucket, "PublicAccessBlockConfiguration"))
                    .hasSize(4)
                    .allSatisfy((setting, isOn) -> assertThat(isOn).isEqualTo(true));
            assertThat(template.property(
                            bucket, "LifecycleConfiguration", "Rules", "0", "AbortIncompleteMultipartUpload"))
                    .isNotNull();
            assertThat(template.at("Resources", bucket, "DeletionPolicy")).isEqualTo("Retain");
        });
        assertThat(template.named("AWS::S3::BucketPolicy"))
                .extracting(policy -> template.property(policy, "Bucket"))
                .containsExactlyElementsOf(buckets.stream()
                        .<Object>map(bucket -> Map.of("Ref", bucket))
                        .toList());
    }

    @Test
    void grantsAllKeysAndEncryptsWithTheFirst() {
        Object first = Map.of("Fn::Select", List.of(0, Map.of("Ref", "KmsKeyArns")));
        List<Map<?, ?>> uses = Template.statements(template.at("Resources"))
                .filter(statement -> "UseTheKey".equals(statement.get("Sid")))
                .toList();

        assertThat(uses).hasSize(3).allSatisfy(use -> assertThat(use.get("Resource"))
                .isEqualTo(Map.of("Ref", "KmsKeyArns")));
        assertThat(template.named("AWS::S3::Bucket")).allSatisfy(bucket -> assertThat(template.property(
                        bucket,
                        "BucketEncryption",
                        "ServerSideEncryptionConfiguration",
                        "0",
                        "ServerSideEncryptionByDefault",
                        "KMSMasterKeyID",
                        "Fn::If",
                        "1"))
                .isEqualTo(first));
    }

    @Test
    void refusesToBeSpokenToInTheClear() {
        List<String> policies = Stream.of("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
                .flatMap(type -> template.named(type).stream())
                .toList();

        assertThat(policies).hasSize(4).allSatisfy(policy -> assertThat(
                        Template.statements(template.property(policy, "PolicyDocument")))
                .anySatisfy(statement -> {
                    assertThat(statement.get("Effect")).isEqualTo("Deny");
                    assertThat(statement.get("Principal")).isEqualTo("*");
                    assertThat(statement.get("Condition"))
                            .isEqualTo(Map.of("Bool", Map.of("aws:SecureTransport", "false")));
                }));
    }

    @Test
    void soundsAlarmsInASentenceOverMetricsThatThereAre() throws IOException {
        String line = WatchLine.of(
                new Watched(
                        "orders",
                        List.of(new Watched.Told("20261122T0800Z", Became.RUNNING, "It runs.")),
                        1,
                        new Stragglers(1, Instant.EPOCH, new Bounds(null, Instant.EPOCH), 2, 3, true, List.of()),
                        List.of()),
                Instant.EPOCH);
        Set<String> metrics = StreamSupport.stream(
                        new ObjectMapper()
                                .readTree(line)
                                .at("/_aws/CloudWatchMetrics/0/Metrics")
                                .spliterator(),
                        false)
                .map(metric -> metric.path("Name").asText())
                .collect(Collectors.toSet());
        List<String> alarms = template.named("AWS::CloudWatch::Alarm");

        assertThat(alarms).hasSize(6).allSatisfy(alarm -> {
            assertThat((String) template.property(alarm, "AlarmDescription")).matches("[A-Z]([^.]|\\.\\b)+\\.");
            assertThat(template.property(alarm, "AlarmActions")).isEqualTo(List.of(Map.of("Ref", "Alarms")));
            if ("Eightbells".equals(template.property(alarm, "Namespace"))) {
                assertThat(metrics).contains((String) template.property(alarm, "MetricName"));
            }
        });
        assertThat(template.property("BacklogAlarm", "Metrics", "1", "MetricStat", "Metric"))
                .isEqualTo(Map.of("Namespace", "Eightbells", "MetricName", "BacklogAge"));
        assertThat(metrics).contains("BacklogAge");
        assertThat(template.property("StragglersAlarm", "MetricName")).isEqualTo("Stragglers");
        assertThat(template.property("StragglersAlarm", "Period")).isEqualTo(24 * 60 * 60);
        assertThat(template.property("UnhealthyAlarm", "TreatMissingData")).isEqualTo("breaching");
        assertThat(template.property("UnhealthyAlarm", "EvaluationPeriods")).isEqualTo(2);
    }

    @Test
    void isWalkedThroughInTheDocs() throws IOException {
        String docs = Files.readString(Path.of("../docs/deploy.md"));
        Map<?, ?> parameters = (Map<?, ?>) template.at("Parameters");

        assertThat(template.named("AWS::CloudWatch::Alarm"))
                .allSatisfy(alarm -> assertThat(docs).contains("| `" + alarm + "` |"));
        assertThat(PARAMETER.matcher(docs).results().map(found -> found.group(1)))
                .contains("CodeBucket", "FunctionKey", "StepsJarKey", "RawBucketArns", "LakeBucket", "ComputeType")
                .allMatch(parameters::containsKey);
    }

    private static Object schedule(String property) {
        return template.property("Function", "Events", "Watch", "Properties", property);
    }

    private static Process startCfnLint() {
        try {
            return new ProcessBuilder("cfn-lint", Template.FILE.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException notInstalled) {
            return null;
        }
    }
}
