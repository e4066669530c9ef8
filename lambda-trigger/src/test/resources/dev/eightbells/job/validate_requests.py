"""Holds requests, as the tests captured them, against AWS's own models of its services.

botocore checks what is required, types and lengths; it does not check enumerations and patterns, so those are walked here.
"""
import json
import re
import sys

import botocore.loaders
import botocore.model
import botocore.validate


def walk(value, shape, path):
    """The enumerations and patterns that a value breaks."""
    if shape.type_name == 'structure':
        for name, member in shape.members.items():
            if name in value:
                yield from walk(value[name], member, path + '.' + name)
    elif shape.type_name == 'list':
        for index, element in enumerate(value):
            yield from walk(element, shape.member, '%s[%d]' % (path, index))
    elif shape.type_name == 'map':
        for key, element in value.items():
            yield from walk(key, shape.key, path + '.key(' + key + ')')
            yield from walk(element, shape.value, path + '.' + key)
    elif shape.type_name == 'string':
        if shape.enum and value not in shape.enum:
            yield '%s: %r is none of %s' % (path, value, ', '.join(shape.enum))
        most = shape.metadata.get('max')
        if most is not None and len(value) > most:
            yield '%s: %d characters are more than %d' % (path, len(value), most)
        pattern = shape.metadata.get('pattern')
        if pattern and not re.fullmatch(readable(pattern), value, re.DOTALL):
            yield '%s: %r does not match %s' % (path, value, pattern)


def readable(pattern):
    """A pattern without its pairs of surrogates, which Python does not read."""
    return re.sub(r'\\uD800\\uD[BC][0-9A-F]{2}-\\uD[BC][0-9A-F]{2}\\uDFFF', '', pattern)


def parameters(request, operation):
    """What the caller gave: the body, and what stands in the path."""
    template = operation.http['requestUri']
    names = re.findall(r'{(\w+)}', template)
    values = re.fullmatch(re.sub(r'{\w+}', '([^/]+)', template), request['path'])
    if not values:
        return None
    by_location = {
        member.serialization['name']: name
        for name, member in operation.input_shape.members.items()
        if member.serialization.get('location') == 'uri'
    }
    found = dict(request['body'])
    found.update({by_location[name]: value for name, value in zip(names, values.groups())})
    return found


def problems(request, loader):
    model = botocore.model.ServiceModel(loader.load_service_model(request['service'], 'service-2'))
    operation = model.operation_model(request['operation'])
    found = parameters(request, operation)
    if found is None:
        yield 'the path %s is not %s' % (request['path'], operation.http['requestUri'])
        return
    report = botocore.validate.ParamValidator().validate(found, operation.input_shape)
    if report.has_errors():
        yield report.generate_report()
    yield from walk(found, operation.input_shape, request['operation'])


def main(files):
    loader = botocore.loaders.Loader()
    count = 0
    bad = 0
    for file in files:
        with open(file, encoding='utf-8') as opened:
            for request in json.load(opened):
                count += 1
                for problem in problems(request, loader):
                    bad += 1
                    print('%s: %s' % (file, problem))
    if bad:
        sys.exit(1)
    print('%d requests are valid' % count)


main(sys.argv[1:])
